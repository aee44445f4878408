// Several issuers, two tokens, and keys that come late, as a request sees them.

import JSON
import NIOCore
import NIOEmbedded
import Testing

@testable import HostAuth
@testable import HostBase
@testable import HostCaller

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

    /// Thousands of made-up key ids over several cool-downs: one fetch in each, callers with good tokens notice
    /// nothing, and a key that really is new is found in the end.
    @Test func floodOfUnknownKeysFetchesOncePerCoolDown() throws {
        let policy = JWKSCache.Policy()
        let authenticator = try authenticator()
        let (old, new) = (FixtureKey.rsa.jwk("key-1"), FixtureKey.otherRSA.jwk("key-2"))
        func keySet(_ keys: [JSONValue]) -> [UInt8] { JSONValue.object(["keys": .array(keys)]).bytes() }
        let good = try token(okta)
        let parts = good.split(separator: ".")
        let rotated = FixtureKey.otherRSA.token(try CompactJWS(good).payload, header: ["kid": "key-2"])
        let first = ask(authenticator, good)
        issuer.answer(keySet([old]))
        #expect(first.principal != nil)

        var published = keySet([old])
        var fetches: [Double] = [0]
        var wrong: [String] = []
        let (step, windows) = (0.03, 6.0)
        var time = 0.0
        func attack(until end: Double) {
            while time < end {
                issuer.advance(step)
                time += step
                let header = Array(#"{"alg":"RS256","kid":"made up at \#(time)"}"#.utf8)
                let before = issuer.count
                let asked = ask(authenticator, "\(Base64.url.encode(header)).\(parts[1]).\(parts[2])")
                if issuer.count != before {
                    fetches.append(time)
                    issuer.answer(published)
                }
                if asked.failure != .invalid(.unknownKeyID) { wrong.append("\(time)") }
                if ask(authenticator, good).principal == nil { wrong.append("good at \(time)") }
            }
        }
        attack(until: (windows - 0.5) * policy.coolDown)
        #expect(wrong == [])
        #expect(zip(fetches, fetches.dropFirst()).allSatisfy { $1 - $0 >= policy.coolDown })
        // It did ask: the bound is not kept by never looking.
        #expect(fetches.count == Int(windows))
        #expect(issuer.count == fetches.count)

        // The issuer rotates in the middle of it; the next fetch, whoever causes it, brings the key.
        published = keySet([old, new])
        #expect(ask(authenticator, rotated).failure == .invalid(.unknownKeyID))
        attack(until: (windows + 0.5) * policy.coolDown)
        #expect(ask(authenticator, rotated).principal != nil)
        #expect(ask(authenticator, good).principal != nil)
        #expect(wrong == [])
        #expect(issuer.count == fetches.count)
        #expect(zip(fetches, fetches.dropFirst()).allSatisfy { $1 - $0 >= policy.coolDown })
    }

    /// An issuer whose keys are all for other algorithms is one without keys: 503 and degraded, not 401.
    @Test func keysForOtherAlgorithmsAreNone() throws {
        let authenticator = try authenticator()
        let asked = ask(authenticator, try token(okta))
        issuer.answer(JSONValue.object(["keys": [FixtureKey.p256.jwk("key-1")]]).bytes())
        #expect(asked.failure == .keysUnavailable(retryAfterSeconds: 1))
        #expect(authenticator.conditions[0].condition == .empty)
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
}
