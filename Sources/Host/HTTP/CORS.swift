// Which scripts of other origins may call (Fetch standard, CORS protocol).

import HostBase
import HostNetwork
import NIOHTTP1

/// The origins that are let in, and the fields that tell browsers so.
public struct CORS: Sendable {
    /// As `CORS.origin` spells them; `*` for all.
    public let origins: [String]

    public init(origins: [String]) {
        self.origins = origins
    }

    private static let allowedHeaders =
        "authorization, content-type, idempotency-key, x-user-token, x-mcp-api-key, openai-conversation-id, "
        + "openai-ephemeral-user-id, traceparent, mcp-protocol-version, mcp-session-id, mcp-method, mcp-name"
    private static let exposedHeaders = "x-request-id, retry-after, www-authenticate, etag, mcp-session-id"

    /// What an operator wrote as browsers write it: in lower case, without a port that the scheme has by itself (RFC
    /// 6454 section 6.2), so that the two can be compared as they are.
    ///
    /// - Returns: `nil` for what no browser sends, such as a path or an asterisk among other characters; and for
    ///   `null`, under which all sandboxed pages are one.
    public static func origin(_ text: String) -> String? {
        if text == "*" { return text }
        guard text.utf8.allSatisfy({ UInt8(ascii: "!") <= $0 && $0 <= UInt8(ascii: "~") && $0 != UInt8(ascii: "*") })
        else {
            return nil
        }
        if let origin = Origin(text) { return origin.description }
        // Extensions and web views have schemes of their own.
        let parts = text.lowercased().split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, isScheme(parts[0]), parts[1].isEmpty, !["http:", "https:"].contains(parts[0]),
            Origin("http://\(parts[2])") != nil
        else { return nil }
        return text.lowercased()
    }

    /// With its colon (RFC 3986 section 3.1), in lower case.
    private static func isScheme(_ text: Substring) -> Bool {
        guard text.hasSuffix(":"), let first = text.utf8.first, first.isASCIISmallLetter else { return false }
        return text.utf8.dropLast().allSatisfy {
            $0.isASCIISmallLetter || $0.isASCIIDigit || "+-.".utf8.contains($0)
        }
    }

    /// Whether a list has an origin. Browsers keep the case of a host only where the scheme is one that they do not
    /// know.
    public static func contains(_ origin: String, in origins: some Sequence<String>) -> Bool {
        origins.contains(origin) || origins.contains(origin.lowercased())
    }

    private func allows(_ origin: String) -> Bool {
        origins.contains("*") || Self.contains(origin, in: origins)
    }

    /// Fields for an answer to a request that came from another origin.
    func forEachField(for request: RequestFields, _ add: (_ name: String, _ value: String) -> Void) {
        guard !origins.isEmpty else { return }
        // Also without an origin: a shared cache must not hand that answer to a browser that has one.
        add("vary", "Origin")
        guard let origin = request.first(.origin), allows(origin) else { return }
        add("access-control-allow-origin", origin)
        add("access-control-expose-headers", Self.exposedHeaders)
    }

    /// The answer to a preflight; `nil` when the request is none.
    ///
    /// - Parameter moreHeaders: names of request header fields that scripts may send beside those that every deployment
    ///   knows.
    public func preflight(_ request: Request, methods: [HTTPMethod], moreHeaders: [String]) -> Response? {
        guard request.method == .OPTIONS, request.fields.contains(.requestMethod),
            let origin = request.fields.first(.origin)
        else { return nil }
        guard allows(origin) else {
            return Problem(.forbidden, "origin", "This origin is not in CORS_ALLOWED_ORIGINS.").response()
        }
        return Response(
            status: .noContent,
            headers: [
                ("access-control-allow-methods", methods.map(\.rawValue).joined(separator: ", ")),
                ("access-control-allow-headers", ([Self.allowedHeaders] + moreHeaders).joined(separator: ", ")),
                ("access-control-max-age", "600"),
            ])
    }
}
