// A whole host in this process whose tools come and go while clients call and listen.

import Synchronization
import Testing

@testable import HostBase

@Suite struct EditionSwapTests {
    private static let listeners = 50
    private static let callers = 4
    private static let rounds = 12
    private static let names = (0..<callers).map { "caller \($0)" }

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

    /// Whether this is how a call of a pack is answered by the edition of that number.
    private static func isAnswer(_ answer: String, of pack: String, in edition: Int) -> Bool {
        guard pack == "two", edition.isMultiple(of: 2) else { return answer.contains(#"{"pack":"\#(pack)"}"#) }
        return answer.contains("unknown_tool") || answer.contains("Unknown tool: two")
    }

    /// Calls both packs over both protocols until it is over.
    ///
    /// - Returns: what was not answered by the edition that its call began with.
    private static func callAlways(_ caller: SwappingHost.Caller, _ isOver: borrowing Atomic<Bool>) throws -> [String] {
        var faults: [String] = []
        while !isOver.load(ordering: .relaxed) {
            for (pack, request) in ["one", "two"].flatMap({ [($0, rest($0)), ($0, call($0))] }) {
                let editions = try caller.begin(request)
                let answer = try caller.end(request)
                if !editions.contains(where: { isAnswer(answer, of: pack, in: $0) }) {
                    faults.append("\(pack) in \(editions): \(answer)")
                }
            }
        }
        return faults
    }

    @Test func toolsComeAndGoWhileClientsCallAndListen() throws {
        let host = try SwappingHost(callers: Self.names + ["between"])
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
        for name in Self.names {
            let isStarted = Thread.start(name) {
                do {
                    let found = try Self.callAlways(SwappingHost.Caller(name, of: host), isOver)
                    faults.withLock { $0 += found }
                } catch {
                    faults.withLock { $0.append("\(name): \(error)") }
                }
                callers.note()
            }
            #expect(isStarted)
        }

        let (slow, slowOverMCP, client) = (
            try #require(BlockingClient(host.address)), try #require(BlockingClient(host.address)),
            try #require(BlockingClient(host.address))
        )
        let (between, request) = (try SwappingHost.Caller("between", of: host), Self.call("two"))
        for _ in 0..<Self.rounds {
            // Two calls that begin before their pack goes and end afterwards.
            slow.send(Self.rest("two_slow"))
            slowOverMCP.send(Self.call("two_slow"))
            try host.two.engine.waitForCalls(2)
            // And one that has its edition, and a body afterwards.
            let whole = try between.begin(request)
            try host.serve([host.one])
            let found = try between.end(request)
            #expect(Self.isAnswer(found, of: "two", in: whole.lowerBound), "\(whole): \(found)")
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

            let part = try between.begin(request)
            try host.serve([host.one, host.two])
            let missed = try between.end(request)
            #expect(Self.isAnswer(missed, of: "two", in: part.lowerBound), "\(part): \(missed)")
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
