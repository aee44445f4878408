// A document ready to be sent: bytes that are made once, with the header fields that let clients keep them.

import HostAuth
import Synchronization

/// An immutable representation and what HTTP says about it.
///
/// Compression gives nothing away (BREACH, CRIME): no document has a secret in it, and none repeats what a request
/// says.
public struct ServedDocument: Sendable {
    public enum Audience: Sendable, Hashable {
        /// The same for everybody.
        case everyone
        /// Depends on what the caller may see, so no shared cache may keep it.
        case caller
    }

    public static let json = "application/json"

    public let bytes: [UInt8]
    public let mediaType: String
    /// A strong validator, with its quotes (RFC 9110 section 8.8.3).
    public let etag: String
    let audience: Audience
    /// `nil` for what is not kept, and so would be compressed for each request.
    private let compression: Compression?

    /// - Parameter isKept: whether it is made once and asked for again and again.
    public init(
        _ bytes: [UInt8], mediaType: String = Self.json, audience: Audience = .everyone, isKept: Bool = true
    ) {
        self.bytes = bytes
        self.mediaType = mediaType
        self.audience = audience
        etag = "\"" + Self.fingerprint(bytes) + "\""
        compression = isKept ? Compression() : nil
    }

    public init(_ text: String, mediaType: String, isKept: Bool = true) {
        self.init(Array(text.utf8), mediaType: mediaType, isKept: isKept)
    }

    /// The bytes compressed with gzip, made when they are first asked for and then kept; `nil` where they would not be
    /// shorter.
    public var compressed: [UInt8]? { compression?.bytes(of: bytes) }

    /// Whether `compressed` would take longer than an event loop should be kept: about a millisecond for each fifty
    /// kilobytes, once.
    public var isSlowToCompress: Bool {
        bytes.count > Self.quicklyCompressed && compression.map { !$0.isMade } ?? false
    }

    /// The longest document that an event loop compresses itself, in bytes.
    static let quicklyCompressed = 16 * 1024

    /// The ETag of the compressed form: a strong validator stands for one sequence of bytes (RFC 9110 section 8.8.3.3).
    public var compressedETag: String { etag.dropLast() + "-gzip\"" }

    /// Short, because tools and keys change while clients live (RFC 9728 section 5.2); after that the ETag is asked
    /// for.
    public var cacheControl: String {
        switch audience {
        case .everyone: "public, max-age=60"
        case .caller: "private, max-age=60"
        }
    }

    /// Request header fields that chose the representation.
    public var vary: String? {
        var fields: [String] = []
        if compression != nil { fields.append("Accept-Encoding") }
        if audience == .caller { fields += ["Authorization", APIKeyAuthenticator.header] }
        return fields.isEmpty ? nil : fields.joined(separator: ", ")
    }

    /// Which of the document's validators stands in a GET's or HEAD's `If-None-Match` fields, joined by commas: then
    /// the answer is 304 with that one (RFC 9110 section 13.1.2), because the client has that form of the very same
    /// document. Comparison is weak; a field that is not well-formed is ignored from there on, which sends the
    /// document.
    ///
    /// - Parameter preferred: the validator of what would be sent.
    public func match(ifNoneMatch field: String?, preferred: String) -> String? {
        guard let field else { return nil }
        var rest = field.utf8[...]
        rest.skipSeparators()
        if rest.first == UInt8(ascii: "*") {
            rest.removeFirst()
            rest.skipSeparators()
            return rest.isEmpty ? preferred : nil
        }
        let known = compression == nil ? [etag] : [etag, compressedETag]
        var found: String?
        while !rest.isEmpty {
            if rest.starts(with: "W/".utf8) { rest = rest.dropFirst(2) }
            guard rest.first == UInt8(ascii: "\""),
                let end = rest.dropFirst().firstIndex(of: UInt8(ascii: "\""))
            else { return found }
            if rest[...end].elementsEqual(preferred.utf8) { return preferred }
            found = found ?? known.first { rest[...end].elementsEqual($0.utf8) }
            rest = rest[rest.index(after: end)...]
            rest.skipSeparators()
        }
        return found
    }

    /// FNV-1a of 128 bits. It only has to tell two documents of one operator apart, not to withstand an attacker.
    public static func fingerprint(_ bytes: [UInt8]) -> String {
        var hash: UInt128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d
        for byte in bytes {
            hash ^= UInt128(byte)
            hash &*= 0x0000_0000_0100_0000_0000_0000_0000_013b
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 32 - digits.count) + digits
    }
}

/// The compressed form of one document, once somebody has asked for it: most parts of a document never are.
private final class Compression: Sendable {
    private let made = Mutex<[UInt8]??>(nil)
    /// Held while the work is done, so that those who come meanwhile wait for it in place of doing it again. An event
    /// loop never waits here for long work: see `isSlowToCompress`.
    private let making = Mutex(())

    var isMade: Bool { made.withLock { $0 != nil } }

    func bytes(of plain: [UInt8]) -> [UInt8]? {
        if let known = made.withLock({ $0 }) { return known }
        return making.withLock { _ in
            if let known = made.withLock({ $0 }) { return known }
            let bytes = Gzip.compressed(plain).flatMap { $0.count < plain.count ? $0 : nil }
            made.withLock { $0 = .some(bytes) }
            return bytes
        }
    }
}

extension Substring.UTF8View {
    /// Commas and optional white space between list elements (RFC 9110 section 5.6.1).
    fileprivate mutating func skipSeparators() {
        self = drop { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    }
}
