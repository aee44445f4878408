// Several issuers, two tokens, and keys that come late, as a request sees them.

import JSONSchema
import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import ToolHost

@Suite struct JWTAuthenticatorTests {
    private let loop = EmbeddedEventLoop()
    private let issuer: FixtureIssuer
    private let okta = ProviderToken.all.first { $0.preset == .okta }
    private let auth0 = ProviderToken.all.first { $0.preset == .auth0 }

    init() {
        issuer = FixtureIssuer(loop)
    }

    private func authenticator(
        _ change: (inout [IssuerConfiguration]) -> Void = { _ in }
    ) throws -> JWTAuthenticator {
        var settings = [try #require(okta).settings, try #require(auth0).settings]
        change(&settings)
        return JWTAuthenticator(issuers: settings, fetch: issuer.fetch, wall: issuer.wall, steady: issuer.steady)
    }

    private func ask(_ authenticator: JWTAuthenticator, _ token: String?, user: String? = nil) -> Asked {
        Asked(
            authenticator.authenticate(
                Credentials(
                    authorization: token.map { ["Bearer \($0)"] } ?? [], userToken: user.map { ["Bearer \($0)"] } ?? []),
                on: loop))
    }

    /// An outcome, now or later.
    private final class Asked: Sendable {
        private let seen = Mutex<AuthenticationOutcome?>(nil)

        init(_ outcome: AuthenticationOutcome) {
            if case .pending(let future) = outcome {
                future.whenSuccess { outcome in self.seen.withLock { $0 = outcome } }
            } else {
                seen.withLock { $0 = outcome }
            }
        }

        var isPending: Bool { seen.withLock { $0 == nil } }
        var principal: Principal? {
            if case .accepted(let principal)? = seen.withLock({ $0 }) { principal } else { nil }
        }
        var failure: AuthenticationFailure? {
            if case .refused(let failure)? = seen.withLock({ $0 }) { failure } else { nil }
        }
    }

    private func keys(_ provider: ProviderToken?) throws -> [UInt8] {
        try #require(provider).keys.bytes()
    }

    private func token(_ provider: ProviderToken?, _ fault: TokenFault = .none) throws -> String {
        try #require(provider).token(fault)
    }

    @Test func firstCallsWaitForOneFetch() throws {
        let authenticator = try authenticator()
        #expect(authenticator.conditions.map(\.condition) == [.empty, .empty])
        let first = ask(authenticator, try token(okta))
        let second = ask(authenticator, try token(okta))
        #expect(first.isPending && second.isPending)
        issuer.answer(try keys(okta))
        #expect(first.principal?.clientID == "client-1")
        #expect(second.principal == first.principal)
        #expect(issuer.count == 1)
        #expect(authenticator.conditions.map(\.condition) == [.fresh, .empty])
        #expect(ask(authenticator, try token(okta)).principal == first.principal)
    }

    @Test func refreshAtStartSpareCallersTheWait() throws {
        let authenticator = try authenticator()
        authenticator.refresh(on: loop)
        authenticator.refresh(on: loop)
        #expect(issuer.count == 2)
        issuer.answer(try keys(okta))
        #expect(ask(authenticator, try token(okta)).principal != nil)
        #expect(ask(authenticator, try token(auth0)).principal != nil)
    }

    /// Nobody can make this server ask around.
    @Test func strangersCauseNoFetch() throws {
        let authenticator = try authenticator()
        #expect(ask(authenticator, try token(okta, .wrongIssuer)).failure == .invalid(.issuer))
        #expect(ask(authenticator, try token(okta, .wrongAlgorithm)).failure == .invalid(.algorithm))
        #expect(ask(authenticator, "a.b.c").failure == .invalid(.malformed))
        #expect(ask(authenticator, nil).failure == .missing)
        #expect(issuer.count == 0)
    }

    @Test func issuerDownIsNotTheCallersFault() throws {
        let authenticator = try authenticator()
        let first = ask(authenticator, try token(okta))
        issuer.answer(nil)
        #expect(first.failure == .keysUnavailable(retryAfterSeconds: 1))
        #expect(ask(authenticator, try token(okta)).failure == .keysUnavailable(retryAfterSeconds: 1))
        #expect(issuer.count == 1)
        issuer.advance(1)
        let second = ask(authenticator, try token(okta))
        issuer.answer(Array("<html>".utf8))
        #expect(second.failure == .keysUnavailable(retryAfterSeconds: 2))
        issuer.advance(2)
        let third = ask(authenticator, try token(okta))
        issuer.answer(try keys(okta))
        #expect(third.principal != nil)
    }

    @Test func callersWaitFiveSecondsAtMost() throws {
        let authenticator = try authenticator()
        let asked = ask(authenticator, try token(okta))
        loop.advanceTime(by: .milliseconds(4999))
        #expect(asked.isPending)
        loop.advanceTime(by: .milliseconds(1))
        #expect(asked.failure == .keysUnavailable(retryAfterSeconds: 1))
        // The fetch goes on without them.
        issuer.answer(try keys(okta))
        #expect(ask(authenticator, try token(okta)).principal != nil)
        #expect(issuer.count == 1)
    }

    @Test func waitersAreBounded() throws {
        let authenticator = try authenticator()
        let token = try token(okta)
        let asked = (0..<(IssuerKeys.maximumWaiters + 1)).map { _ in ask(authenticator, token) }
        #expect(asked.last?.failure == .keysUnavailable(retryAfterSeconds: 1))
        issuer.answer(try keys(okta))
        #expect(asked.dropLast().allSatisfy { $0.principal != nil })
        #expect(issuer.count == 1)
    }

    /// Rotation with overlap: the old key's tokens pass until it is withdrawn, the new one's as soon as they come.
    @Test func rotationLosesNoCall() throws {
        let authenticator = try authenticator()
        let settings = try #require(okta).settings
        func keySet(_ keys: [JSONValue]) -> [UInt8] { JSONValue.object(["keys": .array(keys)]).bytes() }
        let (old, new) = (FixtureKey.rsa.jwk("key-1"), FixtureKey.otherRSA.jwk("key-2"))
        let claims = try CompactJWS(try token(okta)).payload
        let newToken = FixtureKey.otherRSA.token(claims, header: ["kid": "key-2"])
        #expect(settings.algorithms == [.rs256])

        let first = ask(authenticator, try token(okta))
        issuer.answer(keySet([old]))
        #expect(first.principal != nil)
        issuer.advance(40)
        let waiting = (0..<100).map { _ in ask(authenticator, newToken) }
        #expect(ask(authenticator, try token(okta)).principal != nil)
        issuer.answer(keySet([old, new]))
        #expect(waiting.allSatisfy { $0.principal != nil })
        #expect(ask(authenticator, try token(okta)).principal != nil)
        #expect(issuer.count == 2)

        // Withdrawn: what was remembered is forgotten at once.
        issuer.advance(720)
        #expect(ask(authenticator, newToken).principal != nil)
        issuer.answer(keySet([new]))
        #expect(ask(authenticator, try token(okta)).failure == .invalid(.unknownKeyID))
        #expect(ask(authenticator, newToken).principal != nil)
        #expect(issuer.count == 3)
    }

    /// Two issuers with a `kid` in common: the key of one never verifies a token of the other.
    @Test func keysBelongToTheirIssuer() throws {
        let authenticator = try authenticator()
        authenticator.refresh(on: loop)
        issuer.answer(JSONValue.object(["keys": [FixtureKey.otherRSA.jwk("key-1")]]).bytes())
        #expect(ask(authenticator, try token(okta)).failure == .invalid(.signature))
        #expect(ask(authenticator, try token(okta, .otherKey)).principal != nil)
    }

    // MARK: Two tokens

    @Test func userComesFromTheSecondToken() throws {
        let authenticator = try authenticator { $0[1].namesUsers = true }
        let application = try #require(okta).applicationToken()
        let asked = ask(authenticator, application, user: try token(auth0))
        #expect(asked.isPending)
        issuer.answer(try keys(okta))
        let principal = try #require(asked.principal)
        #expect(principal.clientID == "client-1")
        #expect(principal.clientIssuer == okta?.settings.issuer)
        #expect(principal.subject == "user-1")
        #expect(principal.subjectIssuer == auth0?.settings.issuer)
        #expect(issuer.count == 2)
        #expect(ask(authenticator, application, user: try token(auth0)).principal == principal)
        // Scopes are the client's; the user's token grants none.
        #expect(principal.scopes == ["read", "write"])
        #expect(ask(authenticator, application).principal?.subject == nil)
    }

    @Test func secondTokenIsVerifiedByTheSameRules() throws {
        let authenticator = try authenticator {
            $0[1].namesUsers = true
            $0[1].admitsClients = false
        }
        authenticator.refresh(on: loop)
        issuer.answer(try keys(okta))
        let client = try token(okta)
        func reason(_ user: String) -> String? { ask(authenticator, client, user: user).failure?.reason }
        #expect(reason(try token(auth0)) == nil)
        #expect(reason(try token(auth0, .expired)) == "user_token_expired")
        #expect(reason(try token(auth0, .idToken)) == "user_token_id_token")
        #expect(reason(try token(okta)) == "user_token_issuer")
        #expect(reason(try #require(auth0).applicationToken()) == "user_token")
        #expect(reason("x") == "user_token_malformed")
        // A token that may name a user lets no client in, remembered or not.
        #expect(ask(authenticator, try token(auth0)).failure == .invalid(.issuer))
        #expect(ask(authenticator, nil, user: try token(auth0)).failure == .missing)
        #expect(ask(authenticator, try token(okta, .expired), user: try token(auth0)).failure == .invalid(.expired))
        #expect(
            Asked(
                authenticator.authenticate(
                    Credentials(authorization: ["Bearer \(client)"], userToken: ["Bearer a", "Bearer b"]), on: loop)
            ).failure?.kind == .malformed)
    }

    // MARK: API keys

    private static let key = "correct horse battery staple"

    private func outcome(_ authenticator: any Authenticator, _ credentials: Credentials) -> Asked {
        Asked(authenticator.authenticate(credentials, on: loop))
    }

    @Test func apiKeyIsComparedWhole() throws {
        let authenticator = APIKeyAuthenticator(keys: try #require(APIKeys(key: Self.key)))
        let good = outcome(authenticator, Credentials(apiKey: [Self.key])).principal
        #expect(good?.clientID == "default")
        #expect(good?.subject == nil)
        #expect(good?.holds(["anything"]) == true)
        for key in ["", "x", String(Self.key.dropLast()), Self.key + " ", String(repeating: "a", count: 10_000)] {
            #expect(outcome(authenticator, Credentials(apiKey: [key])).failure == .invalid(.apiKey))
        }
        #expect(outcome(authenticator, Credentials()).failure == .missing)
        #expect(
            outcome(authenticator, Credentials(apiKey: [Self.key, Self.key])).failure == .malformed(.severalCredentials)
        )
        #expect(
            outcome(authenticator, Credentials(userToken: ["Bearer x"], apiKey: [Self.key])).failure
                == .invalid(.userToken))
        #expect(APIKeys(key: "too short") == nil)
    }

    @Test func apiKeysComeFromAFile() throws {
        func hex(_ key: String) -> String {
            Digest.sha256.hash(Array(key.utf8)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
        let file = """
            # who calls
            orders   sha256:\(hex("key of orders"))   orders.read orders.write

            admin sha256:\(hex("key of admin").uppercased()) # everything
            """
        let keys = try APIKeys(parsing: file)
        let authenticator = APIKeyAuthenticator(keys: keys)
        let orders = outcome(authenticator, Credentials(apiKey: ["key of orders"])).principal
        #expect(orders?.clientID == "orders")
        #expect(orders?.holds(["orders.read", "orders.write"]) == true)
        #expect(orders?.holds(["admin"]) == false)
        #expect(outcome(authenticator, Credentials(apiKey: ["key of admin"])).principal?.holds(["admin"]) == true)
    }

    @Test(arguments: [
        ("a", 1), ("a sha256:00", 1), ("\n\na md5:00", 3), ("a \(String(repeating: "0", count: 64))", 1),
        ("a sha256:\(String(repeating: "g", count: 64))", 1),
        ("a sha256:\(String(repeating: "0", count: 64))\na sha256:\(String(repeating: "1", count: 64))", 2),
    ])
    func brokenLinesAreNamed(text: String, line: Int) {
        #expect { try APIKeys(parsing: text) } throws: { ($0 as? APIKeys.Fault)?.line == line }
    }

    @Test func hybridTakesEitherButNotBoth() throws {
        let tokens = try authenticator()
        tokens.refresh(on: loop)
        issuer.answer(try keys(okta))
        let hybrid = HybridAuthenticator(
            tokens: tokens, apiKeys: APIKeyAuthenticator(keys: try #require(APIKeys(key: Self.key))))
        let bearer = "Bearer \(try token(okta))"
        #expect(outcome(hybrid, Credentials(authorization: [bearer])).principal?.subject == "user-1")
        #expect(outcome(hybrid, Credentials(apiKey: [Self.key])).principal?.clientID == "default")
        #expect(
            outcome(hybrid, Credentials(authorization: [bearer], apiKey: [Self.key])).failure
                == .malformed(.severalCredentials))
        #expect(outcome(hybrid, Credentials()).failure == .missing)
    }

    @Test func withoutAuthenticationEverybodyIsAnonymous() {
        let principal = outcome(OpenAuthenticator(), Credentials(authorization: ["Bearer x", "y"])).principal
        #expect(principal?.holds(["anything"]) == true)
        #expect(principal?.subject == nil)
    }
}
