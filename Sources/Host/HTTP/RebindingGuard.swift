// A web page must not be able to call through its visitor's browser (DNS rebinding).

import NIOHTTP1

/// Lets in only requests that were meant for this host, judged by `Host` and `Origin`.
///
/// A page can point a name of its own at 127.0.0.1 and then counts as same-origin to the browser, but the name stands in
/// `Host`. With `MCP_AUTH_MODE=none` nothing else protects, on any route. MCP wants it in every mode (2025-11-25 and
/// 2026-07-28, transports, "Security Warning").
struct RebindingGuard: Sendable {
    private let hosts: Set<String>
    /// Those of `hosts` that stand at the beginning of an authority as they are, with nothing behind but a port.
    private let plainHosts: [String]
    private let origins: Set<String>
    private let allowsEveryOrigin: Bool

    /// - Parameter publicURL: what clients call.
    /// - Parameter allowedHosts: further names, in lower case.
    init(host: String, publicURL: String, corsOrigins: [String], allowedHosts: [String] = []) {
        let authority = publicURL.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        let publicHost = authority.count > 2 ? Self.name(String(authority[2])) : ""
        hosts = Set(
            ["localhost", "127.0.0.1", "[::1]", host.lowercased(), "[\(host.lowercased())]", publicHost] + allowedHosts)
        plainHosts = hosts.filter { $0.hasPrefix("[") || !$0.contains(":") }.sorted()
        // As browsers write it: in lower case, without a port that the scheme has by itself (RFC 6454 section 6.2).
        let own = OutboundURL(publicURL)?.origin.description ?? authority.prefix(3).joined(separator: "/")
        origins = Set(corsOrigins + [own])
        allowsEveryOrigin = corsOrigins.contains("*")
    }

    /// The answer to a request that was not meant for this host; `nil` for all others.
    ///
    /// - Parameter anyHost: whether every name will do, as for what may be known to everybody.
    func objection(to fields: RequestFields, anyHost: Bool = false) -> Response? {
        if !anyHost, let host = fields.first(.host), !host.isEmpty, !isKnown(host) {
            return Problem(
                .misdirectedRequest, "host",
                "This host does not go by that name. Localhost, its address and the host of PUBLIC_URL are let in, at "
                    + "\(MCPEndpoint.path) also the names in \(SettingKey.mcpAllowedHosts.name)."
            ).response()
        }
        if let origin = fields.first(.origin), !allowsEveryOrigin, !CORS.contains(origin, in: origins) {
            return Problem(
                .forbidden, "origin",
                "Only the host's own origin and those in \(SettingKey.corsOrigins.name) are let in here."
            ).response()
        }
        return nil
    }

    /// Nearly always one of the names as it stands here, which takes no strings apart.
    private func isKnown(_ authority: String) -> Bool {
        let bytes = authority.utf8.span
        for name in plainHosts where FieldName.begins(authority, with: name) {
            let length = name.utf8.count
            if bytes.count == length || bytes[length] == UInt8(ascii: ":") { return true }
        }
        return hosts.contains(Self.name(authority))
    }

    /// The host of an authority, without its port.
    private static func name(_ authority: String) -> String {
        let lowercased = authority.lowercased()
        if lowercased.hasPrefix("["), let end = lowercased.firstIndex(of: "]") { return String(lowercased[...end]) }
        return String(lowercased.prefix { $0 != ":" })
    }
}
