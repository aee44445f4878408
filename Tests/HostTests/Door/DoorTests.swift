// Who gets in and who may call what, and when a limiter is asked.

import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import HostAuth
@testable import HostCaller
@testable import HostDoor

/// Says what it is told to say, and counts how often.
private final class FixedAuthenticator: Authenticator {
    let outcome: AuthenticationOutcome
    private let state = Mutex(0)
    var count: Int { state.withLock { $0 } }

    init(_ outcome: AuthenticationOutcome) { self.outcome = outcome }

    func authenticate(_ credentials: Credentials, on eventLoop: any EventLoop) -> AuthenticationOutcome {
        state.withLock { $0 += 1 }
        return outcome
    }
}

@Suite struct DoorTests {
    private let loop = EmbeddedEventLoop()

    struct Case: Sendable, CustomTestStringConvertible {
        var clients: Set<String> = []
        var required: [String] = []
        var tool: [String] = []
        var caller = "shop"
        var scopes: [String]? = []
        /// Why the caller is turned away by the head; `nil` where they are not.
        var head: String?
        /// Why they may not call the tool.
        var call: String?

        var policy: AccessPolicy { AccessPolicy(allowedClients: clients, requiredScopes: required) }

        var testDescription: String { "\(clients) \(required) \(tool) \(caller) \(scopes ?? ["*"])" }

        var principal: Principal {
            Principal(clientID: caller, clientIssuer: "test", scopes: scopes ?? [], holdsEveryScope: scopes == nil)
        }
    }

    private static let client = RefusalReason.client.rawValue
    private static let scope = RefusalReason.scope.rawValue

    static let cases: [Case] = [
        Case(),
        Case(tool: ["orders"], call: scope),
        Case(tool: ["orders"], scopes: ["orders"]),
        Case(tool: ["orders"], scopes: nil),
        Case(required: ["base"], call: scope),
        Case(required: ["base"], scopes: ["base"]),
        Case(required: ["base"], tool: ["orders"], scopes: ["base"], call: scope),
        Case(required: ["base"], tool: ["orders"], scopes: ["orders"], call: scope),
        Case(required: ["base"], tool: ["orders"], scopes: ["orders", "base", "more"]),
        Case(clients: ["shop"]),
        Case(clients: ["shop"], tool: ["orders"], call: scope),
        Case(clients: ["shop"], caller: "other", head: client, call: client),
        Case(clients: ["shop"], tool: ["orders"], caller: "other", scopes: ["orders"], head: client, call: client),
        Case(clients: ["shop"], required: ["base"], caller: "other", scopes: nil),
    ]

    private func door(_ item: Case, _ limiter: (any Limiter)? = nil) -> Door {
        Door(authenticator: FixedAuthenticator(.accepted(item.principal)), limiter: limiter)
    }

    private func objection(_ body: () throws(Objection) -> Void) -> Objection? {
        do throws(Objection) {
            try body()
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: cases)
    func callersToolsAndRules(item: Case) throws {
        let limiter = CountingLimiter()
        let door = door(item, limiter)
        switch door.receive(Credentials(), from: "192.0.2.1", under: item.policy, on: loop) {
        case .admitted(let principal): #expect(item.head == nil && principal == item.principal)
        case .turnedAway(let objection, let principal):
            #expect(objection.reason == item.head)
            #expect(principal == item.principal)
        case .later: Issue.record("nothing is fetched")
        }
        let call = objection { () throws(Objection) in
            try door.admit(
                callOf: "buy", in: "shop", scopes: item.tool, by: item.principal, from: nil, under: item.policy)
        }
        #expect(call?.reason == item.call)
        #expect(item.policy.shows(item.tool, to: item.principal) == (item.call == nil))
        // Whoever is refused uses nothing up.
        let expected: [CountingLimiter.Question] =
            [.address] + (item.head == nil ? [.caller] : [])
            + (item.call == nil ? [.call(tool: "buy", pack: "shop")] : [])
        #expect(limiter.asked == expected)
    }

    @Test(arguments: cases)
    func whatIsNoCallNeedsTheScopesOfAllAlone(item: Case) {
        let limiter = CountingLimiter { _ in true }
        let inquiry = objection { () throws(Objection) in
            try door(item, limiter).inquire(by: item.principal, under: item.policy)
        }
        let none = Case(clients: item.clients, required: item.required, caller: item.caller, scopes: item.scopes)
        #expect((inquiry == nil) == none.policy.shows([], to: item.principal))
        #expect(limiter.asked.isEmpty)
    }

    @Test func anAddressIsLookedAtBeforeCredentials() {
        let authenticator = FixedAuthenticator(.refused(.missing))
        let limiter = CountingLimiter { $0 == .address }
        let door = Door(authenticator: authenticator, limiter: limiter)
        guard
            case .turnedAway(.notNow(let notNow), nil) = door.receive(
                Credentials(), from: nil, under: Case().policy, on: loop)
        else {
            Issue.record("it was let in")
            return
        }
        #expect(notNow == CountingLimiter.notNow)
        #expect(authenticator.count == 0)
    }

    @Test func aCallThatIsTooEarlyIsNotRefused() {
        let limiter = CountingLimiter { if case .call = $0 { true } else { false } }
        let door = door(Case(), limiter)
        let early = objection { () throws(Objection) in
            try door.admit(callOf: "buy", in: "shop", scopes: [], by: Case().principal, from: nil, under: Case().policy)
        }
        #expect(early == .notNow(CountingLimiter.notNow))
        #expect(Case().policy.shows([], to: Case().principal))
    }

    @Test(arguments: [true, false])
    func whoIsKnownLaterIsJudgedLater(isAllowed: Bool) throws {
        let promise = loop.makePromise(of: AuthenticationOutcome.self)
        let limiter = CountingLimiter()
        let door = Door(
            authenticator: FixedAuthenticator(.pending(promise.futureResult)), limiter: limiter)
        let policy = AccessPolicy(allowedClients: ["shop"], requiredScopes: [])
        guard case .later(let future) = door.receive(Credentials(), from: nil, under: policy, on: loop) else {
            Issue.record("it is known at once")
            return
        }
        #expect(limiter.asked == [.address])
        promise.succeed(.accepted(Case(caller: isAllowed ? "shop" : "other").principal))
        let reception = try future.wait()
        switch reception {
        case .admitted: #expect(isAllowed)
        case .turnedAway(let objection, _): #expect(!isAllowed && objection.reason == Self.client)
        case .later: Issue.record("it is known by now")
        }
        #expect(limiter.asked == (isAllowed ? [.address, .caller] : [.address]))
    }

    @Test(
        arguments: [
            (-5, 1), (0, 1), (1, 1), (999_999_999, 1), (1_000_000_000, 1), (1_000_000_001, 2), (59_500_000_000, 60),
        ] as [(Int64, Int)])
    func secondsAreWholeAndNeverTooFew(nanoseconds: Int64, seconds: Int) {
        #expect(NotNow(limit: "l", wait: .nanoseconds(nanoseconds)).seconds == seconds)
    }
}
