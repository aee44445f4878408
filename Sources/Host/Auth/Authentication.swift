// Everything that MCP_AUTH_MODE stands for once the host runs: who looks at credentials, and what is kept fresh for
// that.

import Logging
import NIOCore

/// The way of authentication in force.
public struct Authentication: Sendable {
    public let authenticator: any Authenticator
    /// `nil` where no tokens of others are taken.
    let directory: IssuerDirectory?
    private let tokens: JWTAuthenticator?

    /// How often it is looked whether keys or metadata are due. What is due is decided elsewhere.
    private static let tick = TimeAmount.seconds(5)

    /// - Parameters:
    ///   - embedded: The embedded authorization server; there is one in that mode and in no other.
    ///   - directory: The issuers; asked only in the modes that take their tokens.
    public init(
        settings: AuthSettings, embedded: EmbeddedAuthorizationServer?, directory: IssuerDirectory
    ) throws(JSONWebKeySet.Fault) {
        let tokens =
            settings.mode.takesTokens
            ? JWTAuthenticator(issuers: directory.issuers.map(\.rules), fetch: directory.keySetFetch) : nil
        self.tokens = tokens
        self.directory = tokens == nil ? nil : directory
        let keys = settings.apiKeys.map { APIKeyAuthenticator(keys: $0) }
        authenticator =
            if let embedded {
                try EmbeddedAuthenticator(server: embedded)
            } else if let tokens, let keys {
                HybridAuthenticator(tokens: tokens, apiKeys: keys)
            } else if let tokens {
                tokens
            } else if let keys {
                keys
            } else {
                OpenAuthenticator()
            }
    }

    /// How each issuer's keys are.
    public var conditions: [(issuer: String, condition: JWKSCache.Condition)] {
        tokens?.conditions ?? []
    }

    /// Fetches keys and metadata now and whenever they are due, so that no call waits for them.
    public func keepFresh(on eventLoop: any EventLoop) {
        guard let tokens, let directory else { return }
        eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: Self.tick) { _ in
            directory.refresh(on: eventLoop)
            tokens.refresh(on: eventLoop)
        }
    }
}
