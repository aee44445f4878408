// A web page must not be able to call through its visitor's browser (DNS rebinding).

import HostHTTP
import HostMCP
import HostNetwork
import NIOHTTP1

/// Lets in only requests that were meant for this host, judged by `Host` and `Origin`.
///
/// A page can point a name of its own at 127.0.0.1 and then counts as same-origin to the browser, but the name stands
/// in `Host`. With `MCP_AUTH_MODE=none` nothing else protects, on any route. MCP wants it in every mode (2025-11-25 and
/// 2026-07-28, transports, "Security Warning").
public struct RebindingGuard: Sendable {
    private let hosts: Set<String>
    /// `hosts` in order, to be compared with the beginning of an authority.
    private let plainHosts: [String]
    private let origins: Set<String>
    private let allowsEveryOrigin: Bool

    /// - Parameter publicURL: what clients call.
    /// - Parameter allowedHosts: further hosts, as `Authority` has them.
    public init(host: String, publicURL: String, corsOrigins: [String], allowedHosts: [String] = []) {
        let parts = publicURL.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        let own = [host, "[\(host)]", parts.count > 2 ? String(parts[2]) : ""].compactMap { Authority($0)?.host }
        hosts = Set(["localhost", "127.0.0.1", "[::1]"] + own + allowedHosts)
        plainHosts = hosts.sorted()
        // As browsers write it: in lower case, without a port that the scheme has by itself (RFC 6454 section 6.2).
        let origin = OutboundURL(publicURL)?.origin.description ?? parts.prefix(3).joined(separator: "/")
        origins = Set(corsOrigins + [origin])
        allowsEveryOrigin = corsOrigins.contains("*")
    }

    /// The answer to a request that was not meant for this host; `nil` for all others.
    ///
    /// - Parameters:
    ///   - fields: of a head that was found well-formed (`RequestHeadError`). Without `Host`, as HTTP/1.0 allows, it
    ///     comes from no browser.
    ///   - anyHost: whether every name will do, as for what may be known to everybody.
    func objection(to fields: RequestFields, anyHost: Bool = false) -> Response? {
        if !anyHost, let host = fields.first(.host), !isKnown(host) {
            return Problem(
                .misdirectedRequest, "host",
                "This host does not go by that name. Localhost, its address and the host of PUBLIC_URL are let in, at "
                    + "\(MCPEndpoint.path) also the names in MCP_ALLOWED_HOSTS."
            ).response()
        }
        if let origin = fields.first(.origin), !allowsEveryOrigin,
            fields.count(.origin) > 1 || !CORS.contains(origin, in: origins)
        {
            return Problem(
                .forbidden, "origin",
                "Only the host's own origin and those in CORS_ALLOWED_ORIGINS are let in here."
            ).response()
        }
        return nil
    }

    /// Nearly always one of the names as it stands here, which takes no strings apart.
    private func isKnown(_ authority: String) -> Bool {
        let bytes = authority.utf8.span
        for name in plainHosts where FieldName.begins(authority, with: name) {
            let length = name.utf8.count
            if bytes.count == length || bytes[length] == UInt8(ascii: ":") { return Authority.isWellFormed(bytes) }
        }
        return Authority(authority).map { hosts.contains($0.host) } ?? false
    }
}
