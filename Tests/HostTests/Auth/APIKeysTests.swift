// API keys from the environment and from files, alone and beside tokens; and no authentication at all.

import JSON
import NIOCore
import NIOEmbedded
import Testing

@testable import HostAuth
@testable import HostBase
@testable import HostCaller

@Suite struct APIKeysTests {
    private let loop = EmbeddedEventLoop()
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

    @Test func withoutAuthenticationEverybodyIsAnonymous() {
        let principal = outcome(OpenAuthenticator(), Credentials(authorization: ["Bearer x", "y"])).principal
        #expect(principal?.holds(["anything"]) == true)
        #expect(principal?.subject == nil)
    }

    @Test func hybridTakesEitherButNotBoth() throws {
        let okta = try #require(ProviderToken.all.first { $0.preset == .okta })
        let issuer = FixtureIssuer(loop)
        let tokens = JWTAuthenticator(
            issuers: [okta.settings], fetch: issuer.fetch, wall: issuer.wall, steady: issuer.steady)
        tokens.refresh(on: loop)
        issuer.answer(okta.keys.bytes())
        let hybrid = HybridAuthenticator(
            tokens: tokens, apiKeys: APIKeyAuthenticator(keys: try #require(APIKeys(key: Self.key))))
        let bearer = "Bearer \(okta.token())"
        #expect(outcome(hybrid, Credentials(authorization: [bearer])).principal?.subject == "user-1")
        #expect(outcome(hybrid, Credentials(apiKey: [Self.key])).principal?.clientID == "default")
        #expect(
            outcome(hybrid, Credentials(authorization: [bearer], apiKey: [Self.key])).failure
                == .malformed(.severalCredentials))
        #expect(outcome(hybrid, Credentials()).failure == .missing)
    }
}
