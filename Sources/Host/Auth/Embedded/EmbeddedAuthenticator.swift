// Lets in the bearers of tokens that the embedded authorization server issued.

import HostBase
import HostCaller
import JSON
import NIOCore

/// `MCP_AUTH_MODE=embedded`. Keys are at hand, so the answer is always immediate.
struct EmbeddedAuthenticator: Authenticator {
    private let verifier: TokenVerifier
    private let keys: JSONWebKeySet
    private let cache: VerifiedTokenCache
    private let clock: TimeSource
    private let limits: CompactJWS.Limits

    init(
        server: EmbeddedAuthorizationServer,
        cache: VerifiedTokenCache = VerifiedTokenCache(),
        limits: CompactJWS.Limits = .init()
    ) throws(JSONWebKeySet.Fault) {
        verifier = TokenVerifier(configuration: server.issuerConfiguration)
        keys = try JSONWebKeySet(parsing: server.jwks.bytes())
        clock = server.clock
        self.cache = cache
        self.limits = limits
    }

    func authenticate(_ credentials: Credentials, on eventLoop: any EventLoop) -> AuthenticationOutcome {
        do throws(AuthenticationFailure) {
            return .accepted(try principal(credentials, owner: ObjectIdentifier(eventLoop)))
        } catch {
            return .refused(error)
        }
    }

    func principal(
        _ credentials: Credentials, owner: ObjectIdentifier
    ) throws(AuthenticationFailure) -> Principal {
        let token = try BearerToken.extract(from: credentials.authorization)
        // No token issued here names a user; going on with the client's identity would mix up whose cart it is.
        guard credentials.userToken.isEmpty else { throw .invalid(.userToken) }
        guard token.utf8.count <= limits.tokenBytes else { throw .invalid(.tooLong) }
        let now = clock.now()
        let place: VerifiedTokenCache.Vacancy
        switch cache.find(token, now: now, owner: owner) {
        case .principal(let principal): return principal
        case .nobody(let found): place = found
        }
        let parsed = try BearerToken.parse(token, limits: limits)
        do throws(RefusalReason) {
            let verified = try verifier.verify(parsed, keys: keys, now: now)
            cache.insert(verified, at: place, now: now, owner: owner)
            return verified.principal
        } catch {
            throw .invalid(error)
        }
    }
}
