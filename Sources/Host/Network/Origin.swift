// Where a request may go: scheme, host and port, written one way only, so that two spellings never mean two places.

import HostBase

/// An origin of an HTTP URL (RFC 6454 section 4).
public struct Origin: Sendable, Hashable, CustomStringConvertible {
    public let isSecure: Bool
    /// In lower case; an IPv6 address stands without its brackets.
    public let host: String
    public let port: Int

    private var defaultPort: Int { isSecure ? 443 : 80 }

    /// As in a URL, the port only where it is not the scheme's own.
    public var description: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return "\(isSecure ? "https" : "http")://\(name)" + (port == defaultPort ? "" : ":\(port)")
    }

    /// An origin as an operator writes it: a URL without user, path, query and fragment.
    public init?(_ text: String) {
        guard let url = OutboundURL(text), url.target == "/", !text.contains("?") else { return nil }
        self = url.origin
    }

    init(isSecure: Bool, host: String, port: Int) {
        self.isSecure = isSecure
        self.host = host
        self.port = port
    }
}

/// An absolute http or https URL, read strictly: whatever could be understood in two ways is no URL here.
public struct OutboundURL: Sendable, Hashable, CustomStringConvertible {
    public let origin: Origin
    /// Path and query as they go into the request line; begins with a slash.
    public let target: String

    public var description: String { "\(origin)\(target)" }

    /// - Returns: `nil` for another scheme, for user information, a fragment, and bytes that a URL does not have.
    public init?(_ text: String) {
        let scheme = text.prefix { $0 != ":" }.lowercased()
        guard scheme == "http" || scheme == "https", text.utf8.count <= 8192 else { return nil }
        var rest = text.dropFirst(scheme.count)
        guard rest.hasPrefix("://") else { return nil }
        rest = rest.dropFirst(3)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard let (host, port) = Self.authority(authority) else { return nil }
        let target = rest.dropFirst(authority.count)
        guard Self.isTarget(target) else { return nil }
        let isSecure = scheme == "https"
        origin = Origin(isSecure: isSecure, host: host, port: port ?? (isSecure ? 443 : 80))
        self.target = target.hasPrefix("/") ? String(target) : "/\(target)"
    }

    /// What a `Location` means here (RFC 3986 section 5.2), in the forms that servers send: a whole URL, one without
    /// its scheme, a path, a query. A path that is relative to this one is no reference here.
    public func resolve(_ reference: String) -> OutboundURL? {
        let reference = reference.prefix { $0 != "#" }
        if reference.hasPrefix("//") { return OutboundURL("\(origin.isSecure ? "https" : "http"):\(reference)") }
        if reference.hasPrefix("/") { return OutboundURL("\(origin)\(reference)") }
        if reference.hasPrefix("?") { return OutboundURL("\(origin)\(target.prefix { $0 != "?" })\(reference)") }
        return OutboundURL(String(reference))
    }

    private static func authority(_ text: Substring) -> (host: String, port: Int?)? {
        var host = text
        var port: Int?
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            host = text[text.index(after: text.startIndex)..<end]
            let tail = text[text.index(after: end)...]
            guard tail.isEmpty || tail.hasPrefix(":") else { return nil }
            if !tail.isEmpty {
                guard let number = Self.port(tail.dropFirst()) else { return nil }
                port = number
            }
            guard let address = IPv6Address.canonical(String(host)) else { return nil }
            host = address[...]
        } else {
            if let colon = text.firstIndex(of: ":") {
                guard let number = Self.port(text[text.index(after: colon)...]) else { return nil }
                host = text[..<colon]
                port = number
            }
            guard !host.isEmpty, !host.hasPrefix("."), host.utf8.count <= 253,
                host.utf8.allSatisfy({ $0.isASCIILetterOrDigit || $0 == 0x2D || $0 == 0x2E || $0 == 0x5F })
            else { return nil }
        }
        return (host.lowercased(), port)
    }

    private static func port(_ text: Substring) -> Int? {
        guard (1...5).contains(text.utf8.count), text.isASCIIDigits,
            let port = Int(text), (1...65535).contains(port)
        else { return nil }
        return port
    }

    /// Printable ASCII but for what RFC 3986 keeps out of paths and queries.
    private static func isTarget(_ text: Substring) -> Bool {
        text.utf8.allSatisfy { byte in
            (0x21...0x7E).contains(byte) && !##""#<>\^`{|}"##.utf8.contains(byte)
        }
    }
}
