// However a call comes and however it ends, it is reported once, and equal calls have equal reports.

import NIOCore
import Testing

@testable import HostMCP
@testable import HostObservation

@Suite struct CallReportTests {
    private func client(of host: ReportingHost) throws -> BlockingClient {
        try #require(BlockingClient(host.address))
    }

    /// Sends this, waits for as many reports as it leads to, and only then goes away.
    private func reports(of request: String, to host: ReportingHost, count: Int = 1) throws -> [CallReport] {
        let client = try client(of: host)
        return withExtendedLifetime(client) {
            client.send(request)
            return host.observer.take(count)
        }
    }

    /// Makes a call that is reported after all others, and says what was reported before it.
    private func reportsBefore(_ host: ReportingHost) throws -> [CallReport] {
        let marker = try client(of: host)
        marker.send(CallWay.rest.request("one", client: "marker"))
        _ = marker.receive(until: "}")
        var all: [CallReport] = []
        while all.last?.client != "marker" {
            let more = host.observer.take(1)
            guard !more.isEmpty else { break }
            all += more
        }
        #expect(all.last?.client == "marker")
        return all.dropLast()
    }

    /// What every report of one call has, whatever its way.
    private func expect(
        _ report: CallReport?, _ way: CallWay, _ outcome: CallEnding.Outcome, tool: String? = "one",
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(report?.ending.outcome == outcome, sourceLocation: sourceLocation)
        #expect(report?.way == way.way, sourceLocation: sourceLocation)
        #expect(report?.tool == tool, sourceLocation: sourceLocation)
        #expect(report?.pack == (tool == nil ? nil : "one"), sourceLocation: sourceLocation)
        #expect(report?.client == "shop", sourceLocation: sourceLocation)
        #expect(report?.address == "127.0.0.1", sourceLocation: sourceLocation)
        #expect(report?.requestID.isEmpty == false, sourceLocation: sourceLocation)
        #expect(report.map { $0.time >= $0.ending.queued + $0.ending.ran } == true, sourceLocation: sourceLocation)
    }

    @Test(arguments: CallWay.allCases)
    func done(way: CallWay) throws {
        let host = try ReportingHost()
        let reports = try reports(of: way.request("one") + way.request("one"), to: host, count: 2)
        #expect(reports.count == 2)
        for report in reports {
            expect(report, way, .done)
            #expect(report.reason == nil)
            #expect(report.status == (way == .batch ? 0 : 200))
            #expect(report.traceparent == CallWay.trace)
            #expect(report.ending.argumentBytes == 2)
            #expect(report.ending.resultBytes == 14)
            #expect(report.ending.ran > .zero)
        }
        #expect(try reportsBefore(host).isEmpty)
        try host.stop()
    }

    /// The tool's fault, arguments that do not fit, a name that no tool has, and a limit.
    @Test(arguments: CallWay.allCases)
    func otherwise(way: CallWay) throws {
        let failing = try ReportingHost(answer: #"{"pack":"two"}"#)
        let failed = try reports(of: way.request("one"), to: failing)
        expect(failed.first, way, .failed)
        #expect(failed.first?.reason == "internal" && failed.first?.traceparent == CallWay.trace)
        #expect(try reportsBefore(failing).isEmpty)
        try failing.stop()

        let host = try ReportingHost(limiter: CountingLimiter { $0 == .call(tool: "one_slow", pack: "one") })
        let unfit = try reports(of: way.request("one", #"{"a":1}"#), to: host)
        expect(unfit.first, way, .unfit)
        #expect(unfit.first?.reason == "invalid_arguments" && unfit.first?.traceparent == CallWay.trace)
        #expect(unfit.first?.ending.ran == .zero)

        let unknown = try reports(of: way.request("nobody"), to: host).first
        if way == .rest {
            #expect(unknown?.way == .restHead(method: "POST", path: "/tools/nobody"))
            #expect(unknown?.ending.outcome == .unknown && unknown?.tool == nil && unknown?.status == 404)
        } else {
            expect(unknown, way, .unknown, tool: nil)
        }

        let early = try reports(of: way.request("one_slow"), to: host).first
        if way == .rest {
            #expect(early?.way == .restHead(method: "POST", path: "/tools/one_slow"))
            #expect(early?.ending.outcome == .early && early?.tool == "one_slow" && early?.status == 429)
        } else {
            expect(early, way, .early, tool: "one_slow")
        }
        #expect(early?.reason == "rate_limited")
        #expect(try reportsBefore(host).isEmpty)
        try host.stop()
    }

    /// A batch is refused as a whole.
    @Test(arguments: CallWay.allCases.filter { $0 != .batch })
    func refused(way: CallWay) throws {
        let host = try ReportingHost(scopes: ["base"])
        let report = try reports(of: way.request("one", client: "stranger"), to: host).first
        #expect(report?.ending.outcome == .refused)
        #expect(report?.tool == "one" && report?.pack == "one" && report?.client == "stranger")
        #expect(report?.reason == "insufficient_scope" && report?.status == 403)
        #expect(try reportsBefore(host).isEmpty)
        try host.stop()
    }

    @Test func whatIsNoCallIsNotReported() throws {
        let host = try ReportingHost()
        let list = #"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#
        let session = "mcp-session-id: \(CallWay.session(.june2025))"
        let heads = [
            "HEAD /tools/one", "OPTIONS /tools/one", "GET /tools/one", "GET /health", "HEAD /mcp", "POST /tools/no",
        ]
        let requests = heads.map { "\($0) HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n" }
        for request in requests + [CallWay.post("/mcp", ["authorization: shop", "accept: */*", session], list)] {
            let client = try client(of: host)
            client.send(request)
            #expect(client.receive(until: "\r\n\r\n", atMost: 1).hasPrefix("HTTP/1.1 "))
        }
        #expect(try reportsBefore(host).isEmpty)
        try host.stop()
    }

    // MARK: Clients that go

    /// - Parameter isQueued: whether the only thread is in another call.
    @Test(arguments: CallWay.allCases, [false, true])
    func gone(way: CallWay, isQueued: Bool) throws {
        let host = try ReportingHost()
        let engine = host.pack.engine
        let first = try client(of: host)
        first.send(way.request("one_slow"))
        try engine.waitForCalls(1)
        let goes = isQueued ? try client(of: host) : first
        if isQueued { goes.send(way.request("one_slow", id: 2)) }
        goes.leave()
        let reports = host.observer.take(1)
        #expect(reports.count == 1)
        expect(reports.first, way, .gone, tool: "one_slow")
        #expect(reports.first?.status == (way == .batch ? 0 : 499) && reports.first?.reason == "client_gone")
        if isQueued { #expect(reports.first?.ending.ran == .zero) }
        engine.letGo(2)
        // The call that held the thread has a report of its own.
        if isQueued { #expect(host.observer.take(1).map(\.ending.outcome) == [.done]) }
        #expect(try reportsBefore(host).isEmpty)
        try host.stop()
    }

    @Test func aStreamWhoseClientGoesIsReportedOnce() throws {
        let host = try ReportingHost()
        let client = try client(of: host)
        client.send(CallWay.codec.request("one_slow", more: #""progressToken":1,"#))
        try host.pack.engine.waitForCalls(1)
        client.leave()
        expect(host.observer.take(1).first, .codec, .gone, tool: "one_slow")
        host.pack.engine.letGo(1)
        #expect(try reportsBefore(host).isEmpty)
        try host.stop()
    }

    @Test func anAnswerThatMayHaveBecomeAStreamIsReportedOnce() throws {
        let host = try ReportingHost()
        let report = try reports(of: CallWay.codec.request("one", more: #""progressToken":1,"#), to: host).first
        expect(report, .codec, .done)
        #expect(report?.ending.resultBytes == 14)
        #expect(try reportsBefore(host).isEmpty)
        try host.stop()
    }

    /// It ends and its client goes at once, many times over.
    @Test(arguments: CallWay.allCases)
    func endAndDisconnectAtOnce(way: CallWay) throws {
        let host = try ReportingHost()
        for round in 1...20 {
            let client = try client(of: host)
            // The call before may not be over for its session.
            client.send(way.request("one_slow", id: round))
            try host.pack.engine.waitForCalls(1)
            host.pack.engine.letGo(1)
            client.leave()
            let outcome = host.observer.take(1).first?.ending.outcome
            #expect(outcome == .done || outcome == .gone)
        }
        #expect(try reportsBefore(host).isEmpty)
        try host.stop()
    }

    // MARK: Clients that take it back

    private func post(_ body: String, _ version: ProtocolVersion) -> String {
        CallWay.post(
            MCPEndpoint.path,
            ["authorization: shop", "accept: */*", "mcp-session-id: \(CallWay.session(version))"], body)
    }

    private func cancel(_ id: Int, _ version: ProtocolVersion, at host: ReportingHost) throws {
        let client = try client(of: host)
        client.send(
            post(#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":\#(id)}}"#, version))
        _ = client.receive(until: "\r\n\r\n", atMost: 1)
    }

    @Test func cancelled() throws {
        let host = try ReportingHost()
        let client = try client(of: host)
        client.send(CallWay.legacy.request("one_slow", id: 7))
        try host.pack.engine.waitForCalls(1)
        try cancel(7, .june2025, at: host)
        let report = host.observer.take(1).first
        expect(report, .legacy, .cancelled, tool: "one_slow")
        #expect(report?.status == 202 && report?.reason == "cancelled")
        host.pack.engine.letGo(1)
        #expect(try reportsBefore(host).isEmpty)
        try host.stop()
    }

    /// Calls these tools at once, each under the id of its place.
    private func batch(_ tools: String...) -> String {
        let calls = tools.enumerated().map { place, tool in
            #"{"jsonrpc":"2.0","id":\#(place + 1),"method":"tools/call","params":{"name":"\#(tool)"}}"#
        }
        return post("[\(calls.joined(separator: ","))]", .march2025)
    }

    @Test func oneOfABatchIsCancelled() throws {
        let host = try ReportingHost()
        let client = try client(of: host)
        client.send(batch("one_slow", "one", "nobody"))
        try host.pack.engine.waitForCalls(1)
        try cancel(1, .march2025, at: host)
        let reports = host.observer.take(3)
        #expect(Set(reports.map(\.ending.outcome)) == [.cancelled, .done, .unknown])
        #expect(Set(reports.map { $0.requestID.split(separator: ".").last }) == ["1", "2", "3"])
        #expect(client.receive(until: "]").contains(#""id":2"#))
        host.pack.engine.letGo(1)
        #expect(try reportsBefore(host).isEmpty)
        try host.stop()
    }

    @Test func whatMakesNoCallOfABatchIsReportedAsOne() throws {
        let host = try ReportingHost()
        let client = try client(of: host)
        let calls = [#"{"name":"one","arguments":[1]}"#, #"{"arguments":{}}"#, #"{"name":"one"}"#].enumerated()
            .map {
                #"{"jsonrpc":"2.0","id":\#($0),"method":"tools/call","params":\#($1)}"#
            }
        client.send(
            post("[\(calls.joined(separator: ",")),{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"ping\"}]", .march2025))
        let reports = host.observer.take(3).sorted { $0.requestID < $1.requestID }
        #expect(reports.map(\.ending.outcome) == [.unfit, .unfit, .done])
        #expect(reports.map(\.reason) == ["rpc_invalid_params", "rpc_invalid_params", nil])
        #expect(client.receive(until: "]").contains(#""id":9"#))
        #expect(try reportsBefore(host).isEmpty)
        try host.stop()
    }

    // MARK: The host stops

    @Test(arguments: CallWay.allCases)
    func cut(way: CallWay) throws {
        let host = try ReportingHost()
        let client = try client(of: host)
        client.send(way.request("one_slow"))
        try host.pack.engine.waitForCalls(1)
        #expect(try host.stop { host.pack.engine.letGo(1) } == 1)
        let reports = host.observer.take(1)
        #expect(reports.count == 1)
        expect(reports.first, way, .cut, tool: "one_slow")
        #expect(reports.first?.status == (way == .batch ? 0 : 503) && reports.first?.reason == "stopping")
        _ = client
    }

    // MARK: Batches that are not answered

    /// What is reported of `one`, `one_slow` and `nobody`, called at once, where the second one has not ended.
    private func expect(
        _ reports: [CallReport], _ outcome: CallEnding.Outcome, _ reason: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let reports = reports.sorted { $0.requestID < $1.requestID }
        #expect(reports.map(\.ending.outcome) == [.done, outcome, .unknown], sourceLocation: sourceLocation)
        #expect(reports.map(\.tool) == ["one", "one_slow", nil], sourceLocation: sourceLocation)
        #expect(reports.map(\.reason) == [nil, reason, "rpc_invalid_params"], sourceLocation: sourceLocation)
        #expect(reports.map { $0.requestID.suffix(2) } == [".1", ".2", ".3"], sourceLocation: sourceLocation)
        #expect(reports.allSatisfy { $0.status == 0 && $0.client == "shop" }, sourceLocation: sourceLocation)
    }

    @Test func theClientOfABatchGoes() throws {
        let host = try ReportingHost()
        let client = try client(of: host)
        client.send(batch("one", "one_slow", "nobody"))
        try host.pack.engine.waitForCalls(1)
        client.leave()
        expect(host.observer.take(3), .gone, "client_gone")
        host.pack.engine.letGo(1)
        #expect(try reportsBefore(host).isEmpty)
        try host.stop()
        #expect(host.observer.take(0).isEmpty)
    }

    @Test func aBatchIsCut() throws {
        let host = try ReportingHost()
        let client = try client(of: host)
        client.send(batch("one", "one_slow", "nobody"))
        try host.pack.engine.waitForCalls(1)
        #expect(try host.stop { host.pack.engine.letGo(1) } == 1)
        expect(host.observer.take(3), .cut, "stopping")
        #expect(host.observer.take(0).isEmpty)
        _ = client
    }
}
