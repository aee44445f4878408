// A document ready to be sent: bytes that are made once, with the header fields that let clients keep them.

/// An immutable representation and what HTTP says about it.
struct ServedDocument: Sendable, Hashable {
    enum Audience: Sendable, Hashable {
        /// The same for everybody.
        case everyone
        /// Depends on what the caller may see, so no shared cache may keep it.
        case caller
    }

    static let json = "application/json"

    let bytes: [UInt8]
    let mediaType: String
    /// A strong validator, with its quotes (RFC 9110 section 8.8.3).
    let etag: String
    let audience: Audience

    init(_ bytes: [UInt8], mediaType: String = Self.json, audience: Audience = .everyone) {
        self.bytes = bytes
        self.mediaType = mediaType
        self.audience = audience
        etag = "\"" + Self.fingerprint(bytes) + "\""
    }

    init(_ text: String, mediaType: String) {
        self.init(Array(text.utf8), mediaType: mediaType)
    }

    /// Short, because tools and keys change while clients live (RFC 9728 section 5.2); after that the ETag is asked
    /// for.
    var cacheControl: String {
        switch audience {
        case .everyone: "public, max-age=60"
        case .caller: "private, max-age=60"
        }
    }

    /// Request header fields that chose the representation.
    var vary: String? {
        switch audience {
        case .everyone: nil
        case .caller: "Authorization, \(APIKeyAuthenticator.header)"
        }
    }

    /// Whether to answer 304 to a GET or HEAD whose `If-None-Match` fields, joined by commas, are `field` (RFC 9110
    /// section 13.1.2). Comparison is weak; a field that is not well-formed is ignored from there on, which sends the
    /// document.
    func isNotModified(ifNoneMatch field: String?) -> Bool {
        guard let field else { return false }
        var rest = field.utf8[...]
        rest.skipSeparators()
        if rest.first == UInt8(ascii: "*") {
            rest.removeFirst()
            rest.skipSeparators()
            return rest.isEmpty
        }
        while !rest.isEmpty {
            if rest.starts(with: "W/".utf8) { rest = rest.dropFirst(2) }
            guard rest.first == UInt8(ascii: "\""),
                let end = rest.dropFirst().firstIndex(of: UInt8(ascii: "\""))
            else { return false }
            if rest[...end].elementsEqual(etag.utf8) { return true }
            rest = rest[rest.index(after: end)...]
            rest.skipSeparators()
        }
        return false
    }

    /// FNV-1a of 128 bits. It only has to tell two documents of one operator apart, not to withstand an attacker.
    static func fingerprint(_ bytes: [UInt8]) -> String {
        var hash: UInt128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d
        for byte in bytes {
            hash ^= UInt128(byte)
            hash &*= 0x0000_0000_0100_0000_0000_0000_0000_013b
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 32 - digits.count) + digits
    }
}

extension Substring.UTF8View {
    /// Commas and optional white space between list elements (RFC 9110 section 5.6.1).
    fileprivate mutating func skipSeparators() {
        self = drop { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    }
}
