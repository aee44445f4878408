// Which resource a path names, and what may be done with it.

import HostAuth
import HostBase
import HostMCP
import NIOHTTP1

/// A resource of the host.
enum Route: Sendable, Equatable {
    case index
    /// Whether to send requests here, for people and monitors; the same for load balancers; and whether to start the
    /// process anew.
    case health, ready, live
    case openAPI
    case actionsManifest
    case logo
    case legal
    /// Metadata of the authorization server in force (OpenID Connect Discovery, RFC 8414).
    case authorizationServer
    /// RFC 9728, for the resource at this path below the public URL; empty for the host as a whole.
    case protectedResource(suffix: String)
    case keys
    case token
    /// Where the embedded authorization server says that nobody can log in.
    case authorization
    case mcp
    /// Proves to OpenAI whose domain this is.
    case openAIAppsChallenge
    case tool(String)

    private static let fixed: [String: Route] = [
        "/": .index,
        "/health": .health,
        "/health/ready": .ready,
        "/health/live": .live,
        "/openapi.json": .openAPI,
        "/.well-known/openapi.json": .openAPI,
        "/ai-plugin.json": .actionsManifest,
        "/.well-known/ai-plugin.json": .actionsManifest,
        "/logo.svg": .logo,
        "/legal": .legal,
        "/.well-known/openid-configuration": .authorizationServer,
        "/.well-known/oauth-authorization-server": .authorizationServer,
        EmbeddedAuthorizationServer.jwksPath: .keys,
        EmbeddedAuthorizationServer.tokenPath: .token,
        EmbeddedAuthorizationServer.authorizationPath: .authorization,
        MCPEndpoint.path: .mcp,
        "/.well-known/openai-apps-challenge": .openAIAppsChallenge,
    ]
    private static let tools = "/tools/"
    private static let protectedResource = "/.well-known/oauth-protected-resource"

    /// - Parameter path: one slash behind it does not matter, as some clients put one there.
    init?(path: String) {
        guard let path = path.withoutTrailingSlash else {
            self.init(plain: path)
            return
        }
        self.init(plain: path)
        // The client knows the resource by the name that has the slash.
        if case .protectedResource(let suffix) = self { self = .protectedResource(suffix: suffix + "/") }
    }

    private init?(plain path: String) {
        if let name = path.rest(after: Self.tools) {
            self = .tool(name)
        } else if let route = Self.fixed[path] {
            self = route
        } else if let suffix = path.rest(after: Self.protectedResource) {
            guard suffix.isEmpty || suffix.hasPrefix("/") else { return nil }
            self = .protectedResource(suffix: suffix)
        } else {
            return nil
        }
    }

    /// `HEAD` comes with `GET`, `OPTIONS` with everything.
    var methods: [HTTPMethod] {
        switch self {
        case .tool, .token, .mcp: Self.called
        default: Self.read
        }
    }

    /// Asked by probes, which call the host by addresses that nobody knows beforehand.
    var isHealth: Bool {
        switch self {
        case .health, .ready, .live: true
        default: false
        }
    }

    private static let called: [HTTPMethod] = [.POST, .OPTIONS]
    private static let read: [HTTPMethod] = [.GET, .HEAD, .OPTIONS]
}

extension String {
    /// What follows `start`, or `nil` where the text does not begin with it, byte for byte.
    fileprivate func rest(after start: String) -> String? {
        let (bytes, expected) = (utf8.span, start.utf8.span)
        guard bytes.count >= expected.count else { return nil }
        for index in expected.indices where bytes[index] != expected[index] { return nil }
        return String(self[utf8.index(startIndex, offsetBy: expected.count)...])
    }
}
