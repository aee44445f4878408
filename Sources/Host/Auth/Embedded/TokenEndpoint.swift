// What goes into and comes out of the embedded authorization server's token endpoint, apart from HTTP.

import JSON

/// The parts of `POST /oauth2/token` that matter.
public struct TokenRequest: Sendable {
    /// Every `Authorization` field's value.
    public var authorization: [String] = []
    /// The `Content-Type` field's value.
    public var contentType: String?
    public var body: [UInt8] = []

    public init(authorization: [String] = [], contentType: String? = nil, body: [UInt8] = []) {
        self.authorization = authorization
        self.contentType = contentType
        self.body = body
    }
}

/// The whole answer to a token request.
public struct TokenResponse: Sendable {
    public var status: Int
    /// Names in lower case; `cache-control: no-store` is always among them (RFC 6749 section 5.1).
    public var headers: [(name: String, value: String)]
    /// JSON.
    public var body: [UInt8]
    /// For the log: `issued`, or the error code of RFC 6749 section 5.2.
    public var outcome: String

    init(status: Int, outcome: String, members: JSONValue, headers: [(name: String, value: String)] = []) {
        self.status = status
        self.outcome = outcome
        body = members.bytes()
        self.headers =
            [("content-type", "application/json"), ("cache-control", "no-store"), ("pragma", "no-cache")] + headers
    }
}

/// An error answer (RFC 6749 section 5.2, RFC 8707 section 2). Descriptions are ours alone: nothing of the request is
/// in them.
struct TokenError: Error, Sendable, Hashable {
    enum Code: String, Sendable, Hashable {
        case invalidRequest = "invalid_request"
        case invalidClient = "invalid_client"
        case unsupportedGrantType = "unsupported_grant_type"
        case invalidScope = "invalid_scope"
        case invalidTarget = "invalid_target"
        case serverError = "server_error"
    }

    var code: Code
    var description: String

    var response: TokenResponse {
        let status =
            switch code {
            case .invalidClient: 401
            case .serverError: 500
            default: 400
            }
        return TokenResponse(
            status: status, outcome: code.rawValue,
            members: ["error": .string(code.rawValue), "error_description": .string(description)],
            // Required where the client tried Basic, allowed otherwise; RFC 9110 wants one with every 401.
            headers: code == .invalidClient ? [("www-authenticate", #"Basic realm="token endpoint""#)] : [])
    }

    static func invalidRequest(_ description: String) -> Self {
        Self(code: .invalidRequest, description: description)
    }

    static let invalidClient = Self(
        code: .invalidClient,
        description: "client authentication failed: send client id and secret, as Basic or in the body")
}
