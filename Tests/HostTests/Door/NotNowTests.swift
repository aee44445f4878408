// Every way to a tool asks the door, and says the same where it is too early.

import JSON
import Logging
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import HostApp
@testable import HostAuth
@testable import HostBase
@testable import HostCaller
@testable import HostCalls
@testable import HostDocuments
@testable import HostDoor
@testable import HostHTTP
@testable import HostMCP
@testable import HostService

private struct AnyClient: Authenticator {
    static let principal = Principal(clientID: "shop", clientIssuer: "test", scopes: [], holdsEveryScope: true)

    func authenticate(_ credentials: Credentials, on eventLoop: any EventLoop) -> AuthenticationOutcome {
        credentials.authorization.first == nil ? .refused(.missing) : .accepted(Self.principal)
    }
}

/// A host that serves one pack of two tools to whoever the limiter lets in.
private struct Visit {
    let channel: EmbeddedChannel
    private let reader = EmbeddedChannel(handler: ByteToMessageHandler(HTTPResponseDecoder()))

    struct Answer {
        var status: HTTPResponseStatus
        var retryAfter: String?
        var json: JSONValue?
    }

    init(_ limiter: CountingLimiter, _ values: [String: String] = [:]) throws {
        let settings = try TestEditions.settings(values)
        let calls = CallTable()
        let pack = try TestPack(
            "one", answer: #"{"pack":"one"}"#, settings.calls, calls: calls,
            pool: WorkerPool(threads: 1, logger: TestEditions.logger))
        let editions = try Editions(
            TestEditions.maker(settings), of: TestEditions.parts([pack]), logger: TestEditions.logger)
        let service = TestEditions.service(
            settings, editions, door: Door(authenticator: AnyClient(), limiter: limiter), calls: calls)
        channel = EmbeddedChannel(handlers: [
            Connection(
                front: HTTPFront(service: service, limits: settings.http, logger: TestEditions.logger),
                progress: ProgressGuard(limits: settings.http),
                station: LoopStation(0, of: LoopSpread(loops: 1), isWatched: false, now: .now()), stage: nil)
        ])
        channel.pipeline.fireChannelActive()
    }

    func ask(_ way: Way) throws -> Answer {
        var headers = HTTPHeaders([
            ("host", "localhost:3001"), ("accept", "application/json, text/event-stream"), ("authorization", "me"),
        ])
        for (name, value) in way.fields { headers.add(name: name, value: value) }
        if !way.body.isEmpty {
            headers.add(name: "content-type", value: "application/json")
            headers.add(name: "content-length", value: String(way.body.utf8.count))
        }
        let head = HTTPRequestHead(
            version: .http1_1, method: way.body.isEmpty ? .GET : .POST, uri: way.path, headers: headers)
        try reader.writeOutbound(HTTPClientRequestPart.head(head))
        try channel.writeInbound(HTTPServerRequestPart.head(head))
        if !way.body.isEmpty { try channel.writeInbound(HTTPServerRequestPart.body(ByteBuffer(string: way.body))) }
        try channel.writeInbound(HTTPServerRequestPart.end(nil))
        channel.embeddedEventLoop.run()
        while let bytes = try channel.readOutbound(as: ByteBuffer.self) { try reader.writeInbound(bytes) }
        var (start, body): (HTTPResponseHead?, [UInt8]) = (nil, [])
        while let part = try reader.readInbound(as: HTTPClientResponsePart.self) {
            switch part {
            case .head(let head): start = head
            case .body(let buffer): body += Array(buffer.readableBytesView)
            case .end: break
            }
        }
        let answer = try #require(start)
        return Answer(
            status: answer.status, retryAfter: answer.headers.first(name: "retry-after"),
            json: try? JSONValue(parsing: body))
    }
}

/// One way to ask for something.
struct Way: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var path = MCPEndpoint.path
    var fields: [(String, String)] = []
    var body = ""
    var isCall = false

    private static func message(_ method: String, _ params: String = "", id: Int = 1) -> String {
        let meta =
            #""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}"#
        return #"{"jsonrpc":"2.0","id":\#(id),"method":"\#(method)","params":{\#(meta)\#(params)}}"#
    }

    private static func modern(_ method: String) -> [(String, String)] {
        [("mcp-protocol-version", "2026-07-28"), ("mcp-method", method)]
    }

    private static func session(_ version: ProtocolVersion) -> [(String, String)] {
        let sessions = SessionIDs(secret: [UInt8](repeating: 1, count: 32))
        return [("mcp-session-id", sessions.mint(version, for: AnyClient.principal))]
    }

    private static let legacyCall = #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"one"}}"#

    static let rest = Way(testDescription: "REST", path: "/tools/one", body: "{}", isCall: true)
    static let quick = Way(
        testDescription: "modern, quick", fields: modern("tools/call") + [("mcp-name", "one")],
        body: message("tools/call", #","name":"one","arguments":{}"#), isCall: true)
    /// A member that the quick way leaves to the codec.
    static let slow = Way(
        testDescription: "modern, by the codec", fields: modern("tools/call") + [("mcp-name", "one")],
        body: message("tools/call", #","name":"one","arguments":{},"more":1"#), isCall: true)
    static let legacy = Way(testDescription: "legacy", fields: session(.june2025), body: legacyCall, isCall: true)
    static let batch = Way(
        testDescription: "batch", fields: session(.march2025), body: "[\(legacyCall)]", isCall: true)

    static let calls = [rest, quick, slow, legacy, batch]

    static let others = [
        Way(testDescription: "list", fields: modern("tools/list"), body: message("tools/list")),
        Way(
            testDescription: "listen", fields: modern("subscriptions/listen"),
            body: message("subscriptions/listen", #","notifications":{"toolsListChanged":true}"#)),
        Way(testDescription: "document", path: "/openapi.json"),
    ]
}

@Suite struct NotNowTests {
    private static let sentence = "The limit per-client is used up for now: send the same again in 3 s."
    private static let take = CountingLimiter.Question.call(tool: "one", pack: "one")

    private static func isOverMCP(_ way: Way) -> Bool { way.path == MCPEndpoint.path }

    /// By the head, where nobody knows yet what it will be.
    @Test(arguments: Way.calls + Way.others, [CountingLimiter.Question.address, .caller])
    func byTheHead(way: Way, question: CountingLimiter.Question) throws {
        let limiter = CountingLimiter { $0 == question }
        let answer = try Visit(limiter, ["DISCOVERY_AUTH": "true"]).ask(way)
        #expect(answer.status == .tooManyRequests)
        #expect(answer.retryAfter == "3")
        if Self.isOverMCP(way) {
            #expect(answer.json?["id"] == .null)
            #expect(answer.json?["error"]?["code"] == 429)
            #expect(answer.json?["error"]?["message"]?.string == Self.sentence)
            #expect(answer.json?["error"]?["data"]?["code"] == "rate_limited")
            #expect(answer.json?["error"]?["data"]?["limit"] == "per-client")
            #expect(answer.json?["error"]?["data"]?["retryAfterSeconds"] == 3)
        } else {
            #expect(answer.json?["code"] == "rate_limited")
            #expect(answer.json?["detail"]?.string == Self.sentence)
        }
        #expect(limiter.asked == (question == .address ? [.address] : [.address, .caller]))
    }

    @Test(arguments: Way.calls)
    func atTheTool(way: Way) throws {
        let limiter = CountingLimiter { $0 == Self.take }
        let answer = try Visit(limiter).ask(way)
        // Each call is asked for once, after its caller.
        #expect(limiter.asked == [.address, .caller, Self.take])
        guard Self.isOverMCP(way) else {
            #expect(answer.status == .tooManyRequests)
            #expect(answer.retryAfter == "3")
            #expect(answer.json?["code"] == "rate_limited")
            #expect(answer.json?["detail"]?.string == Self.sentence)
            return
        }
        #expect(answer.status == .ok)
        let result = (answer.json?.array?.first ?? answer.json)?["result"]
        #expect(result?["isError"] == true)
        #expect(result?["content"]?[0]?["text"]?.string == Self.sentence)
        #expect(result?["_meta"]?[MetaKey.problem]?["code"] == "rate_limited")
        #expect(result?["_meta"]?[MetaKey.problem]?["status"] == 429)
    }

    /// Each call of a batch falls under its own budgets.
    @Test func inABatchEachCallIsAsked() throws {
        let limiter = CountingLimiter { if case .call = $0 { true } else { false } }
        let call = #"{"jsonrpc":"2.0","id":ID,"method":"tools/call","params":{"name":"NAME"}}"#
        let body = [(1, "one"), (2, "one_slow"), (3, "one")].map {
            call.replacing("ID", with: "\($0.0)").replacing("NAME", with: $0.1)
        }
        var way = Way.batch
        way.body = "[" + body.joined(separator: ",") + "]"
        let answer = try Visit(limiter).ask(way)
        #expect(answer.json?.array?.map { $0["result"]?["isError"] } == [true, true, true])
        #expect(
            limiter.asked
                == [.address, .caller, Self.take, .call(tool: "one_slow", pack: "one"), Self.take])
    }

    @Test(arguments: Way.others.prefix(2))
    func whatIsNoCallTakesNothing(way: Way) throws {
        let limiter = CountingLimiter { $0 == Self.take }
        #expect(try Visit(limiter).ask(way).status == .ok)
        #expect(limiter.asked == [.address, .caller])
    }
}
