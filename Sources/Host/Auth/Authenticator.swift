// The seam between whoever asks who calls and the ways of finding that out.

import HostBase
import HostCaller
import NIOCore

/// What a request brought as proof of who sent it.
public struct Credentials: Sendable {
    /// `Authorization`.
    public var authorization: SingleField = []
    /// `X-User-Token`.
    public var userToken: SingleField = []
    /// `X-MCP-API-Key`.
    public var apiKey: SingleField = []

    public init(authorization: SingleField = [], userToken: SingleField = [], apiKey: SingleField = []) {
        self.authorization = authorization
        self.userToken = userToken
        self.apiKey = apiKey
    }
}

/// The outcome of looking at credentials.
public enum AuthenticationOutcome: Sendable {
    case accepted(Principal)
    case refused(AuthenticationFailure)
    /// Keys are being fetched; the future never fails.
    case pending(EventLoopFuture<AuthenticationOutcome>)
}

/// A way of authenticating callers. Runs on the event loop, so it never blocks.
public protocol Authenticator: Sendable {
    func authenticate(_ credentials: Credentials, on eventLoop: any EventLoop) -> AuthenticationOutcome
}
