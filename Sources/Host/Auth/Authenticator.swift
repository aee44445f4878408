// The seam between whoever asks who calls and the ways of finding that out.

import HostBase
import HostCaller
import NIOCore

/// What a request brought as proof of who sent it.
public struct Credentials: Sendable {
    /// `Authorization`.
    public var authorization: SingleField
    /// `X-MCP-API-Key`.
    public var apiKey: SingleField
    /// `X-User-Token`.
    public var userToken: SingleField
}

extension Credentials {
    /// Hands on to the memberwise initializer, from which it differs in the order alone: a value of so many parts that
    /// an initializer sets one after the other is copied whole once more, 160 instructions of a call.
    @inline(__always)
    public init(authorization: SingleField = [], userToken: SingleField = [], apiKey: SingleField = []) {
        self.init(authorization: authorization, apiKey: apiKey, userToken: userToken)
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
