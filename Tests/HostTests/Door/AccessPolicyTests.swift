// Which client may call at all, and which scopes a call needs.

import Testing

@testable import HostAuth
@testable import HostBase
@testable import HostCaller
@testable import HostDoor
@testable import HostTools

@Suite struct AccessPolicyTests {
    private let tool = ShopTools.all[0]

    private func policy(clients: Set<String> = [], scopes: [String] = []) -> AccessPolicy {
        AccessPolicy(allowedClients: clients, requiredScopes: scopes)
    }

    private func reason(_ policy: AccessPolicy, _ principal: Principal) -> String? {
        do throws(AuthenticationFailure) {
            try policy.check(principal, scopes: tool.scopes)
            return nil
        } catch {
            return error.reason
        }
    }

    private func caller(_ client: String, _ scopes: [String] = []) -> Principal {
        Principal(clientID: client, clientIssuer: "https://i", scopes: scopes + tool.scopes)
    }

    @Test func everybodyIsLetInWhereNobodyIsNamed() {
        #expect(reason(policy(), caller("any")) == nil)
    }

    @Test func onlyNamedClientsAreLetIn() {
        #expect(reason(policy(clients: ["one", "two"]), caller("two")) == nil)
        #expect(reason(policy(clients: ["one", "two"]), caller("three")) == RefusalReason.client.rawValue)
    }

    /// Swift takes KELVIN SIGN for K, and "é" in two spellings for one: an issuer may have given each to somebody else.
    @Test(arguments: [("Kiosk", "\u{212A}iosk"), ("caf\u{E9}", "cafe\u{301}")])
    func identifiersAreComparedByCodePoint(name: String, other: String) {
        #expect(name == other)
        #expect(reason(policy(clients: [name]), caller(name)) == nil)
        #expect(reason(policy(clients: [name]), caller(other)) == RefusalReason.client.rawValue)
        #expect(policy(clients: [name]) != policy(clients: [other]))
        #expect(policy(scopes: [name]) != policy(scopes: [other]))
        #expect(reason(policy(scopes: [name]), caller("c", [name])) == nil)
        #expect(reason(policy(scopes: [name]), caller("c", [other])) == RefusalReason.scope.rawValue)
    }

    private static let others: [(clients: Set<String>, scopes: [String], isEqual: Bool)] = [
        (["two", "one"], ["a", "b"], true), (["one"], ["a", "b"], false), (["one", "three"], ["a", "b"], false),
        (["one", "two", "three"], ["a", "b"], false), ([], ["a", "b"], false), (["one", "two"], [], false),
        (["one", "two"], ["a", "c"], false), (["one", "two"], ["a", "b", "c"], false),
    ]

    @Test(arguments: others)
    func rulesAreEqualWhereClientsAndScopesAre(clients: Set<String>, scopes: [String], isEqual: Bool) {
        let one = policy(clients: ["one", "two"], scopes: ["a", "b"])
        let other = policy(clients: clients, scopes: scopes)
        #expect((one == other) == isEqual && (other == one) == isEqual)
        #expect(policy() == policy() && policy() != other)
    }

    @Test func aRefusalNamesEveryScope() throws {
        let failure = try #require(throws: AuthenticationFailure.self) {
            try policy(scopes: ["a", "b"]).check(caller("c", ["a"]), scopes: tool.scopes)
        }
        #expect(failure.kind == .insufficientScope((["a", "b"] + tool.scopes).uniqued()))
    }

    @Test func holdersOfEveryScopeNeedNone() {
        #expect(reason(policy(clients: ["one"], scopes: ["a"]), OpenAuthenticator.principal) == nil)
    }
}
