// A request is judged to its end by the rules that it began with, whatever is put in force meanwhile.

import NIOCore
import Synchronization
import Testing

@testable import HostAuth
@testable import HostBase
@testable import HostDoor
@testable import HostMCP
@testable import HostService

/// Takes the bearer for the name of the client, once it is told to.
private final class Porter: Authenticator {
    private let arrivals = Arrivals(of: "callers")
    private let waiting = Mutex<[(name: String, promise: EventLoopPromise<AuthenticationOutcome>)]>([])
    private let knowsAtOnce: Bool

    /// - Parameter knowsAtOnce: whether they need not be told.
    init(knowsAtOnce: Bool) { self.knowsAtOnce = knowsAtOnce }

    func authenticate(_ credentials: Credentials, on eventLoop: any EventLoop) -> AuthenticationOutcome {
        defer { arrivals.note() }
        guard let name = credentials.authorization.first else { return .refused(.missing) }
        if knowsAtOnce { return .accepted(ReportingHost.principal(name)) }
        let promise = eventLoop.makePromise(of: AuthenticationOutcome.self)
        waiting.withLock { $0.append((name, promise)) }
        return .pending(promise.futureResult)
    }

    /// Blocks until somebody has come.
    func wait() throws { try arrivals.wait() }

    /// Knows them all.
    func letGo() {
        let known = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        for (name, promise) in known { promise.succeed(.accepted(ReportingHost.principal(name))) }
    }
}

@Suite struct PolicySwapTests {
    /// Rules that let in everybody, and others.
    enum Rules: Sendable, CaseIterable {
        case open, forAnother, forMore

        /// What a caller without any scope is told; `nil` where they are let in.
        var objection: String? {
            switch self {
            case .open: nil
            case .forAnother: "forbidden"
            case .forMore: "insufficient_scope"
            }
        }

        var policy: AccessPolicy {
            AccessPolicy(
                allowedClients: self == .forAnother ? ["another"] : [], requiredScopes: self == .forMore ? ["base"] : []
            )
        }
    }

    struct Swap: Sendable, CustomTestStringConvertible {
        let former: Rules
        let latter: Rules
        var testDescription: String { "\(former), then \(latter)" }

        static let all = [
            Swap(former: .open, latter: .forAnother), Swap(former: .open, latter: .forMore),
            Swap(former: .forMore, latter: .open), Swap(former: .forMore, latter: .forAnother),
            Swap(former: .forAnother, latter: .open), Swap(former: .forAnother, latter: .forMore),
        ]
        /// Where a caller is let in by the head.
        static let afterTheHead = all.filter { $0.former != .forAnother }
    }

    private final class Host {
        let porter: Porter
        private let host: ReportingHost
        private let changes = Arrivals(of: "changes")
        private let client: BlockingClient

        init(_ rules: Rules, knowsAtOnce: Bool) throws {
            porter = Porter(knowsAtOnce: knowsAtOnce)
            host = try ReportingHost(authenticator: porter)
            client = try #require(BlockingClient(host.address))
            host.editions.subscribe { [changes] _, _ in changes.note() }
            try swap(rules)
        }

        /// Puts other rules in force and waits for it.
        func swap(_ rules: Rules) throws {
            host.editions.change { $0.policy = rules.policy }
            try changes.wait()
        }

        /// A stream of the caller without any scope that is told of changes.
        func listen() throws -> BlockingClient {
            let stream = try #require(BlockingClient(host.address))
            let fields = [
                "accept: application/json, text/event-stream", "authorization: stranger",
                "mcp-protocol-version: 2026-07-28", "mcp-method: subscriptions/listen",
            ]
            let body =
                #"{"jsonrpc":"2.0","id":1,"method":"subscriptions/listen","params":{"notifications":{"toolsListChanged":true},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}"#
            stream.send(CallWay.post(MCPEndpoint.path, fields, body))
            try #require(Self.event(of: stream).contains("subscriptions/acknowledged"))
            return stream
        }

        static func event(of stream: BlockingClient) -> String { stream.receive(until: "\n\n\r\n", atMost: 1) }

        func send(_ text: some StringProtocol) { client.send(String(text)) }
        func answer() -> String { client.receiveAnswer() }
        func stop() throws { try host.stop() }
    }

    private static func isAnswer(_ answer: String, of rules: Rules) -> Bool {
        guard let objection = rules.objection else { return answer.contains("200 OK") && answer.contains("pack") }
        return !answer.contains("pack") && answer.contains(objection)
    }

    /// Before the head is dealt with.
    @Test(arguments: CallWay.allCases, Swap.all)
    func whoIsKnownLateIsJudgedByWhatWasInForceBefore(way: CallWay, swap: Swap) throws {
        let host = try Host(swap.former, knowsAtOnce: false)
        let request = way.request("one", client: "stranger")
        host.send(request)
        try host.porter.wait()
        try host.swap(swap.latter)
        host.porter.letGo()
        let first = host.answer()
        #expect(Self.isAnswer(first, of: swap.former), "\(first)")

        host.send(request)
        try host.porter.wait()
        host.porter.letGo()
        let second = host.answer()
        #expect(Self.isAnswer(second, of: swap.latter), "\(second)")
        try host.stop()
    }

    /// Between the head and the tool's question, which the body brings.
    @Test(arguments: CallWay.allCases.filter { $0 != .rest }, Swap.afterTheHead)
    func aToolIsAskedForUnderTheRulesOfTheHead(way: CallWay, swap: Swap) throws {
        let host = try Host(swap.former, knowsAtOnce: true)
        let request = way.request("one", client: "stranger")
        let body = try #require(request.firstRange(of: "\r\n\r\n")).upperBound
        host.send(request[..<body])
        try host.porter.wait()
        try host.swap(swap.latter)
        host.send(request[body...])
        let first = host.answer()
        #expect(Self.isAnswer(first, of: swap.former), "\(first)")

        host.send(request)
        let second = host.answer()
        #expect(Self.isAnswer(second, of: swap.latter), "\(second)")
        try host.stop()
    }

    /// Whom a tool is shown to is a part of what callers see of lists.
    @Test(arguments: [Rules.forAnother, .forMore])
    func whoeverListensIsToldOfOtherRules(latter: Rules) throws {
        let host = try Host(.open, knowsAtOnce: true)
        let stream = try host.listen()
        for rules in [latter, .open] {
            try host.swap(rules)
            let event = Host.event(of: stream)
            try #require(event.contains("tools/list_changed"), "\(event)")
            // The same once more, made anew.
            try host.swap(rules)
        }
        try host.stop()
        let rest = stream.receive(until: "")
        #expect(!rest.contains("tools/list_changed"), "\(rest)")
    }
}
