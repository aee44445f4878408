// The seam between the HTTP side and the ways of finding out who calls.

import NIOCore

/// What a request brought as proof of who sent it.
struct Credentials: Sendable {
    /// Every `Authorization` header field's value, in order.
    var authorization: [String] = []
    /// Every `X-User-Token` field's value.
    var userToken: [String] = []
    /// Every `X-MCP-API-Key` field's value.
    var apiKey: [String] = []
}

/// Why a caller is turned away. The reason is for the log, its set of values is bounded; the client gets one generic sentence.
struct AuthenticationFailure: Error, Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        /// No credentials: 401, a challenge without an `error` (RFC 6750 section 3.1).
        case missing
        /// More than one credential, or one that is not of the scheme's form: 400 `invalid_request`.
        case malformed
        /// 401 `invalid_token`.
        case invalid
        /// 403 `insufficient_scope`, with every scope needed.
        case insufficientScope([String])
        /// Authenticated but not allowed here at all: 403.
        case forbidden
        /// No keys to verify with: 503 with `Retry-After`.
        case unavailable(retryAfterSeconds: Int)
    }
    var kind: Kind
    /// A short code such as `expired`, `unknown_kid`, `audience`.
    var reason: String
}

/// The outcome of looking at credentials.
enum AuthenticationOutcome: Sendable {
    case accepted(Principal)
    case refused(AuthenticationFailure)
    /// Keys are being fetched; the future never fails.
    case pending(EventLoopFuture<AuthenticationOutcome>)
}

/// A way of authenticating callers. Runs on the event loop, so it never blocks.
protocol Authenticator: Sendable {
    func authenticate(_ credentials: Credentials, on eventLoop: any EventLoop) -> AuthenticationOutcome
}
