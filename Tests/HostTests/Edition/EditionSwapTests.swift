// A whole host in this process whose tools come and go while clients call and listen.

import JSONSchema
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import ToolHost

@Suite struct EditionSwapTests {
    private static let listeners = 50
    private static let callers = 4
    private static let rounds = 12

    /// Connections over sockets to one host.
    private final class Host: Sendable {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        let editions: Editions
        let one: TestPack
        let two: TestPack
        let address: SocketAddress
        private let server: HTTPServer
        private let changes = Arrivals(of: "changes")
        private let former = Mutex<[WeakEdition]>([])

        init() throws {
            let settings = try TestEditions.settings(["MCP_AUTH_MODE": "none"])
            let calls = CallTable()
            let pool = WorkerPool(threads: 8, group: group, logger: TestEditions.logger)
            one = try TestPack("one", answer: #"{"pack":"one"}"#, settings.calls, calls: calls, pool: pool)
            two = try TestPack("two", answer: #"{"pack":"two"}"#, settings.calls, calls: calls, pool: pool)
            let editions = try Editions(
                TestEditions.maker(settings), of: TestEditions.parts([one, two]), logger: TestEditions.logger)
            self.editions = editions
            let service = TestEditions.service(
                settings, editions, door: Door(authenticator: OpenAuthenticator()), calls: calls)
            let socket = try BoundSocket(host: "127.0.0.1", port: 0)
            address = socket.address
            server = try HTTPServer(
                on: socket, loops: ServerLoops(group), service: service, limits: settings.http, state: HostState(),
                logger: TestEditions.logger)
            // After the endpoint, which tells its streams.
            editions.subscribe { [self] former, _ in
                self.former.withLock { $0.append(WeakEdition(former)) }
                changes.note()
            }
        }

        /// Puts these packs in force and waits for it.
        func serve(_ packs: [TestPack]) throws {
            let parts = TestEditions.parts(packs)
            editions.change { $0 = parts }
            try changes.wait()
        }

        /// Whether none of the editions that were in force is alive.
        var hasForgottenFormer: Bool { WeakEdition.areGone(former.withLock(\.self)) }

        func stop() throws {
            _ = server.stop(within: .milliseconds(200))
            try group.syncShutdownGracefully()
        }
    }

    private static func rest(_ tool: String) -> String {
        "POST /tools/\(tool) HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
    }

    private static func mcp(_ method: String, _ params: String = "", name: String? = nil) -> String {
        let meta =
            #""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}"#
        let body = #"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":{\#(meta)\#(params)}}"#
        let nameField = name.map { "Mcp-Name: \($0)\r\n" } ?? ""
        return "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Accept: application/json, text/event-stream\r\nMCP-Protocol-Version: 2026-07-28\r\n"
            + "Mcp-Method: \(method)\r\n\(nameField)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    private static func call(_ tool: String) -> String {
        mcp("tools/call", #","name":"\#(tool)","arguments":{}"#, name: tool)
    }

    /// Sends a request and reads its whole answer.
    private static func ask(_ client: BlockingClient, _ request: String) -> String {
        client.send(request)
        return client.receiveAnswer()
    }

    /// Calls both packs over both protocols until it is over. Only the pack that comes and goes may be unknown.
    private static func callAlways(_ host: Host, _ isOver: borrowing Atomic<Bool>) -> [String] {
        guard let client = BlockingClient(host.address) else { return ["no connection"] }
        var faults: [String] = []
        while !isOver.load(ordering: .relaxed) {
            for answer in [ask(client, rest("one")), ask(client, call("one"))]
            where !answer.contains(#"{"pack":"one"}"#) { faults.append(answer) }
            for answer in [ask(client, rest("two")), ask(client, call("two"))]
            where !answer.contains(#"{"pack":"two"}"#) && !answer.contains("unknown_tool")
                && !answer.contains("Unknown tool: two")
            { faults.append(answer) }
        }
        return faults
    }

    @Test func toolsComeAndGoWhileClientsCallAndListen() throws {
        let host = try Host()
        let streams = try (0..<Self.listeners).map { _ in
            let client = try #require(BlockingClient(host.address))
            client.send(Self.mcp("subscriptions/listen", #","notifications":{"toolsListChanged":true}"#))
            #expect(client.receive(until: "\n\n\r\n").contains("subscriptions/acknowledged"))
            return client
        }
        func expectNews() throws {
            for stream in streams {
                try #require(stream.receive(until: "\n\n\r\n").contains("tools/list_changed"))
            }
        }
        let isOver = Atomic<Bool>(false)
        defer { isOver.store(true, ordering: .relaxed) }
        let faults = Mutex<[String]>([])
        let callers = Arrivals(of: "callers that ended")
        for _ in 0..<Self.callers {
            let isStarted = Thread.start("caller") {
                let found = Self.callAlways(host, isOver)
                faults.withLock { $0 += found }
                callers.note()
            }
            #expect(isStarted)
        }

        let (slow, slowOverMCP, client) = (
            try #require(BlockingClient(host.address)), try #require(BlockingClient(host.address)),
            try #require(BlockingClient(host.address))
        )
        for _ in 0..<Self.rounds {
            // Two calls that begin before their pack goes and end afterwards.
            slow.send(Self.rest("two_slow"))
            slowOverMCP.send(Self.call("two_slow"))
            try host.two.engine.waitForCalls(2)
            try host.serve([host.one])
            #expect(Self.ask(client, Self.rest("two")).contains("unknown_tool"))
            #expect(Self.ask(client, Self.call("two")).contains("Unknown tool: two"))
            let list = Self.ask(client, Self.mcp("tools/list"))
            #expect(list.contains(#""name":"one""#) && !list.contains(#""name":"two""#))
            let document = Self.ask(client, "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(document.contains("/tools/one") && !document.contains("/tools/two"))
            host.two.engine.letGo(2)
            #expect(slow.receiveAnswer().contains(#"{"pack":"two"}"#))
            #expect(slowOverMCP.receiveAnswer().contains(#"{"pack":"two"}"#))
            try expectNews()

            try host.serve([host.one, host.two])
            #expect(Self.ask(client, Self.rest("two")).contains(#"{"pack":"two"}"#))
            try expectNews()
        }
        isOver.store(true, ordering: .relaxed)
        try callers.wait(for: Self.callers)
        #expect(faults.withLock(\.self) == [])
        // All streams still listen, and none of them keeps what was in force once.
        #expect(host.hasForgottenFormer)
        try host.stop()
    }
}
