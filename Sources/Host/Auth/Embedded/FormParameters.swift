// Reads `application/x-www-form-urlencoded` as OAuth wants it: every parameter at most once.

import JSON

/// The parameters of a token request.
struct FormParameters: Sendable, Hashable {
    enum Fault: Error, Sendable, Hashable {
        /// A `%` without two hex digits, or bytes that are not UTF-8.
        case encoding
        /// RFC 6749 section 3.2: "parameters MUST NOT be included more than once". `resource` may (RFC 8707 section 2).
        case duplicate
        case tooMany
    }

    private var values: [String: [String]] = [:]

    init(parsing body: [UInt8]) throws(Fault) {
        let pairs = body.split(separator: UInt8(ascii: "&"), maxSplits: 64, omittingEmptySubsequences: true)
        guard pairs.count <= 64 else { throw .tooMany }
        for pair in pairs {
            let separator = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            guard let name = PercentEncoding.decoded(pair[..<separator], plusIsSpace: true),
                let value = PercentEncoding.decoded(pair[separator...].dropFirst(), plusIsSpace: true)
            else { throw .encoding }
            // Duplicates are refused before values are looked at: a second, empty one is a second one too.
            guard values[name] == nil || name == "resource" else { throw .duplicate }
            values[name, default: []].append(value)
        }
    }

    /// `nil` when it is absent or has no value, which is the same thing (RFC 6749 section 3.2).
    subscript(name: String) -> String? {
        all(name).first
    }

    func all(_ name: String) -> [String] {
        (values[name] ?? []).filter { !$0.isEmpty }
    }
}
