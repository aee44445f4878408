// Lets in the bearers of tokens that the configured issuers signed, and takes the user from a second token if there is
// one.

import HostBase
import HostCaller
import NIOCore

/// `MCP_AUTH_MODE=oauth2`: a resource server for one or several issuers.
struct JWTAuthenticator: Authenticator {
    /// One of the two tokens that a request may carry.
    private enum Purpose: Sendable {
        case client, user
    }

    private enum Step {
        case done(Result<VerifiedToken, AuthenticationFailure>)
        case later(EventLoopFuture<Result<VerifiedToken, AuthenticationFailure>>)
    }

    private let issuers: [(verifier: TokenVerifier, keys: IssuerKeys)]
    /// Apart from each other: a token that may name a user does not let a client in.
    private let clients: VerifiedTokenCache
    private let users: VerifiedTokenCache
    private let wall: TimeSource
    private let limits: CompactJWS.Limits

    /// - Parameters:
    ///   - issuers: Settings without `problems`; an `iss` belongs to the first that matches it.
    ///   - fetch: Fetches key sets; called on the event loop that needs them.
    init(
        issuers: [IssuerConfiguration], policy: JWKSCache.Policy = .init(), fetch: @escaping KeySetFetch,
        wall: TimeSource = .wall, steady: TimeSource = .steady, waitLimit: TimeAmount = .seconds(5),
        limits: CompactJWS.Limits = .init()
    ) {
        let (clients, users) = (VerifiedTokenCache(), VerifiedTokenCache(capacity: 4096))
        self.issuers = issuers.map { issuer in
            let keys = IssuerKeys(
                issuer: issuer, policy: policy, fetch: fetch, steady: steady, waitLimit: waitLimit,
                keysChanged: {
                    clients.empty()
                    users.empty()
                })
            return (TokenVerifier(configuration: issuer), keys)
        }
        (self.clients, self.users) = (clients, users)
        self.wall = wall
        self.limits = limits
    }

    /// How each issuer's keys are, for `/health`.
    var conditions: [(issuer: String, condition: JWKSCache.Condition)] {
        issuers.map { ($0.keys.issuer.issuer, $0.keys.condition) }
    }

    /// Fetches the keys that are due. At start, so that the first call does not wait, and from a timer.
    func refresh(on eventLoop: any EventLoop) {
        for issuer in issuers { issuer.keys.refresh(on: eventLoop) }
    }

    func authenticate(_ credentials: Credentials, on eventLoop: any EventLoop) -> AuthenticationOutcome {
        let client = step(credentials.authorization, .client, eventLoop)
        guard !credentials.userToken.isEmpty else {
            switch client {
            case .done(let result): return Self.outcome(client: result, user: nil)
            case .later(let future): return .pending(future.map { Self.outcome(client: $0, user: nil) })
            }
        }
        if case .done(.failure(let failure)) = client { return .refused(failure) }
        let user = step(credentials.userToken, .user, eventLoop)
        if case .done(let client) = client, case .done(let user) = user {
            return Self.outcome(client: client, user: user)
        }
        let both = Self.future(client, eventLoop).and(Self.future(user, eventLoop))
        return .pending(both.map { Self.outcome(client: $0, user: $1) })
    }

    private func step(_ field: SingleField, _ purpose: Purpose, _ eventLoop: any EventLoop) -> Step {
        do throws(AuthenticationFailure) {
            let name = purpose == .client ? BearerToken.field : BearerToken.userField
            let text = try BearerToken.extract(from: field, name)
            guard text.utf8.count <= limits.tokenBytes else { throw .invalid(.tooLong) }
            let now = wall.now()
            let cache = purpose == .client ? clients : users
            let owner = ObjectIdentifier(eventLoop)
            let place: VerifiedTokenCache.Vacancy
            switch cache.find(text, now: now, owner: owner) {
            case .principal(let principal): return .done(.success(VerifiedToken(principal: principal, expiry: now)))
            case .nobody(let found): place = found
            }
            let token = try BearerToken.parse(text, limits: limits, name)
            let algorithm: SignatureAlgorithm
            let issuer: (verifier: TokenVerifier, keys: IssuerKeys)
            do throws(RefusalReason) {
                issuer = try self.issuer(of: token, for: purpose)
                algorithm = try issuer.verifier.algorithm(of: token)
            } catch {
                throw .invalid(error)
            }
            let finish = { @Sendable (key: JSONWebKey) throws(AuthenticationFailure) -> VerifiedToken in
                do throws(RefusalReason) {
                    let verified = try issuer.verifier.verify(token, key: key, algorithm, now: now)
                    cache.insert(verified, at: place, now: now, owner: owner)
                    return verified
                } catch {
                    throw .invalid(error)
                }
            }
            switch issuer.keys.answer(id: token.keyID, algorithm: algorithm, on: eventLoop) {
            case .key(let key):
                return .done(.success(try finish(key)))
            case .refused(let failure):
                throw failure
            case .wait(let future):
                return .later(
                    future.map {
                        Result { () throws(AuthenticationFailure) in
                            try finish(try issuer.keys.answerAfterWaiting(id: token.keyID, algorithm: algorithm))
                        }
                    })
            }
        } catch {
            return .done(.failure(error))
        }
    }

    /// By `iss` alone, which is not believed yet: it only picks the keys that must have signed it. An issuer that is
    /// not configured causes no request to anybody.
    private func issuer(
        of token: CompactJWS, for purpose: Purpose
    ) throws(RefusalReason) -> (verifier: TokenVerifier, keys: IssuerKeys) {
        let found = issuers.first { issuer in
            let settings = issuer.verifier.configuration
            return (purpose == .client ? settings.admitsClients : settings.namesUsers) && settings.issued(token.claims)
        }
        guard let found else { throw .issuer }
        return found
    }

    /// The client's identity and scopes; the user from the second token where there is one.
    private static func outcome(
        client: Result<VerifiedToken, AuthenticationFailure>, user: Result<VerifiedToken, AuthenticationFailure>?
    ) -> AuthenticationOutcome {
        switch (client, user) {
        case (.failure(let failure), _):
            return .refused(failure)
        case (.success(let client), nil):
            return .accepted(client.principal)
        case (.success, .failure(let failure)?):
            var failure = failure
            failure.reason = "user_token_\(failure.reason)"
            return .refused(failure)
        case (.success(let client), .success(let user)?):
            // A token of an application names nobody.
            guard user.principal.subject != nil else { return .refused(.invalid(.userToken)) }
            return .accepted(client.principal.acting(for: user.principal))
        }
    }

    private static func future(
        _ step: Step, _ eventLoop: any EventLoop
    ) -> EventLoopFuture<Result<VerifiedToken, AuthenticationFailure>> {
        switch step {
        case .done(let result): eventLoop.makeSucceededFuture(result)
        case .later(let future): future
        }
    }
}
