// The endpoint behind a real connection, without a network: heads and bodies in, heads and bodies out.

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
@testable import HostDocuments
@testable import HostDoor
@testable import HostHTTP
@testable import HostMCP
@testable import HostService

/// Takes the bearer for the name of the client; `scoped` has no scopes, all others have every one.
private struct NamedClients: Authenticator {
    func authenticate(_ credentials: Credentials, on eventLoop: any EventLoop) -> AuthenticationOutcome {
        guard let name = credentials.authorization.first else {
            return .refused(AuthenticationFailure(kind: .missing, reason: "missing"))
        }
        return .accepted(
            Principal(clientID: name, clientIssuer: "test", scopes: [], holdsEveryScope: name != "scoped"))
    }
}

/// One connection to a host without packs.
private struct Client {
    let service: HostService
    let channel: EmbeddedChannel
    /// Reads what the connection writes.
    private let reader = EmbeddedChannel(handler: ByteToMessageHandler(HTTPResponseDecoder()))

    struct Answer {
        var head: HTTPResponseHead
        var body: [UInt8]
        var json: JSONValue? { try? JSONValue(parsing: body) }
        var code: JSONValue? { json?["error"]?["code"] }
    }

    /// - Parameter address: the client's, which comes with the connection.
    init(_ values: [String: String] = [:], to service: HostService? = nil, from address: String? = nil) throws {
        let settings = try Settings(
            source: SettingsSource(
                environment: values.merging(["PUBLIC_URL": "https://tools.example.com"]) { own, _ in own }, file: [:]),
            workingDirectory: "/srv")
        self.service = try service ?? Self.service(settings)
        channel = EmbeddedChannel(handlers: [
            Connection(
                front: HTTPFront(service: self.service, limits: settings.http, logger: Logger(label: "test")),
                progress: ProgressGuard(limits: settings.http),
                station: LoopStation(0, of: LoopSpread(loops: 1), isWatched: false, now: .now()), stage: nil)
        ])
        if let address { channel.remoteAddress = try SocketAddress(ipAddress: address, port: 1) }
        channel.pipeline.fireChannelActive()
    }

    private static func service(_ settings: Settings) throws -> HostService {
        try TestEditions.service(
            settings, TestEditions.editions(settings), door: Door(authenticator: NamedClients()))
    }

    /// What `NamedClients` makes of the name.
    static let scoped = Principal(clientID: "scoped", clientIssuer: "test", scopes: [], holdsEveryScope: false)

    func send(
        _ body: String, _ more: [(String, String)] = [], method: HTTPMethod = .POST, client: String? = "shop",
        accept: String = "application/json, text/event-stream", type: String = "application/json",
        host: String = "localhost:3001"
    ) throws {
        var headers = HTTPHeaders([("host", host), ("content-type", type), ("accept", accept)] + more)
        if let client { headers.add(name: "authorization", value: client) }
        headers.add(name: "content-length", value: String(body.utf8.count))
        let head = HTTPRequestHead(version: .http1_1, method: method, uri: "/mcp", headers: headers)
        try reader.writeOutbound(HTTPClientRequestPart.head(head))
        try channel.writeInbound(HTTPServerRequestPart.head(head))
        try channel.writeInbound(HTTPServerRequestPart.body(ByteBuffer(string: body)))
        try channel.writeInbound(HTTPServerRequestPart.end(nil))
        channel.embeddedEventLoop.run()
    }

    /// What came back so far; the head is there only once.
    func received() throws -> (head: HTTPResponseHead?, body: [UInt8], isOver: Bool) {
        var (head, body, isOver): (HTTPResponseHead?, [UInt8], Bool) = (nil, [], false)
        while let bytes = try channel.readOutbound(as: ByteBuffer.self) { try reader.writeInbound(bytes) }
        while let part = try reader.readInbound(as: HTTPClientResponsePart.self) {
            switch part {
            case .head(let start): head = start
            case .body(let buffer): body += Array(buffer.readableBytesView)
            case .end: isOver = true
            }
        }
        return (head, body, isOver)
    }

    func answer(
        _ body: String, _ more: [(String, String)] = [], method: HTTPMethod = .POST, client: String? = "shop",
        accept: String = "application/json, text/event-stream", type: String = "application/json",
        host: String = "localhost:3001"
    ) throws -> Answer {
        try send(body, more, method: method, client: client, accept: accept, type: type, host: host)
        let received = try received()
        #expect(received.isOver)
        return Answer(head: try #require(received.head), body: received.body)
    }

    func modern(_ method: String, _ params: String = "", _ more: [(String, String)] = []) throws -> Answer {
        try answer(Self.message(method, params), Self.fields(method) + more)
    }

    static func message(_ method: String, _ params: String = "") -> String {
        let meta =
            #""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}"#
        return #"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":{\#(meta)\#(params)}}"#
    }

    static func fields(_ method: String) -> [(String, String)] {
        [("mcp-protocol-version", "2026-07-28"), ("mcp-method", method)]
    }

    func session(_ version: String = "2025-11-25", client: String = "shop") throws -> String {
        let params = #"{"protocolVersion":"\#(version)","capabilities":{},"clientInfo":{"name":"t","version":"1"}}"#
        let answer = try answer(
            #"{"jsonrpc":"2.0","id":0,"method":"initialize","params":\#(params)}"#, client: client)
        return try #require(answer.head.headers.first(name: "mcp-session-id"))
    }
}

@Suite struct MCPEndpointTests {
    private static let ping = #"{"jsonrpc":"2.0","id":1,"method":"ping"}"#
    private static let list = #"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#

    // MARK: The head

    @Test func onlyPostIsTaken() throws {
        for method in [HTTPMethod.GET, .DELETE, .HEAD, .PUT] {
            let answer = try Client().answer("", method: method)
            #expect(answer.head.status == .methodNotAllowed)
            #expect(answer.head.headers.first(name: "allow") == "POST, OPTIONS")
        }
    }

    @Test func mediaTypesAreJudged() throws {
        #expect(try Client().answer(Self.ping, type: "text/plain").head.status == .unsupportedMediaType)
        #expect(try Client().answer(Self.ping, accept: "text/html").head.status == .notAcceptable)
        #expect(try Client().answer(Self.ping, accept: "*/*").head.status == .ok)
    }

    @Test(arguments: ["none", "embedded", "oauth2"])
    func webPagesOfOthersAreTurnedAwayInEveryMode(mode: String) throws {
        var values = ["MCP_AUTH_MODE": mode, "MCP_ALLOWED_HOSTS": "proxy.internal"]
        if mode == "oauth2" {
            values["OAUTH2_ISSUER"] = "https://login.example.com"
            values["OAUTH2_AUDIENCE"] = "tools"
        }
        func status(_ host: String, _ origin: String?) throws -> HTTPResponseStatus {
            try Client(values).answer(Self.ping, origin.map { [("origin", $0)] } ?? [], host: host).head.status
        }
        #expect(try status("localhost:3001", nil) == .ok)
        #expect(try status("tools.example.com", "https://tools.example.com") == .ok)
        #expect(try status("proxy.internal", "https://chatgpt.com") == .ok)
        #expect(try status("localhost:3001", "https://evil.example") == .forbidden)
        #expect(try status("localhost:3001", "null") == .forbidden)
        #expect(try status("evil.example", nil) == .misdirectedRequest)
    }

    @Test func strangersAreToldWhereToGetAToken() throws {
        let answer = try Client().answer(Self.ping, client: nil)
        #expect(answer.head.status == .unauthorized)
        let challenge = try #require(answer.head.headers.first(name: "www-authenticate"))
        #expect(
            challenge.contains(
                "resource_metadata=\"https://tools.example.com/.well-known/oauth-protected-resource/mcp\""))
        #expect(!challenge.contains("error="))
    }

    @Test func scopesOfTheDeploymentAreNeededForEverything() throws {
        let client = try Client(["REQUIRED_MCP_SCOPES": "tools:call"])
        let answer = try client.answer(
            Client.message("tools/list"), Client.fields("tools/list"), client: "scoped")
        #expect(answer.head.status == .forbidden)
        #expect(answer.json?["id"] == 1)
        let challenge = try #require(answer.head.headers.first(name: "www-authenticate"))
        #expect(challenge.contains("error=\"insufficient_scope\""))
        #expect(challenge.contains("scope=\"tools:call\""))
        #expect(challenge.contains("/.well-known/oauth-protected-resource/mcp"))
    }

    // MARK: Messages

    @Test(
        arguments: [
            ("", -32700), ("{", -32700), ("{\"a\":1,\"a\":2}", -32700), ("\u{FEFF}{}", -32700), ("1", -32600),
            ("{}", -32600),
            ("[]", -32600), (#"{"jsonrpc":"2.0","id":{},"method":"ping"}"#, -32600),
        ] as [(String, Int64)])
    func whatIsNoMessageEndsNothing(body: String, code: Int64) throws {
        let client = try Client()
        for fields in [[], [("mcp-protocol-version", "2026-07-28")]] {
            let answer = try client.answer(body, fields)
            #expect(answer.head.status == .badRequest)
            #expect(answer.code == JSONValue(code))
            #expect(answer.json?["id"] == .null)
        }
        #expect(try client.answer(Self.ping).head.status == .ok)
    }

    @Test func theModernEraNeedsNoHandshake() throws {
        let client = try Client()
        let discovery = try client.modern("server/discover")
        #expect(discovery.head.status == .ok)
        #expect(discovery.json?["result"]?["resultType"] == "complete")
        #expect(discovery.head.headers["mcp-session-id"].isEmpty)
        #expect(try client.modern("tools/list").json?["result"]?["tools"] == [])
        let unknown = try client.modern("tools/call", #","name":"nothing""#, [("mcp-name", "nothing")])
        #expect(unknown.head.status == .badRequest)
        #expect(unknown.code == -32602)
        #expect(try client.modern("ping").head.status == .notFound)
        #expect(try client.modern("tools/list", #","cursor":"x""#).code == -32602)
        let notification = try client.answer(
            #"{"jsonrpc":"2.0","method":"notifications/cancelled"}"#, [("mcp-protocol-version", "2026-07-28")])
        #expect(notification.head.status == .accepted)
        #expect(notification.body.isEmpty)
        let response = try client.answer(
            #"{"jsonrpc":"2.0","id":1,"result":{}}"#, [("mcp-protocol-version", "2026-07-28")])
        #expect(response.head.status == .badRequest)
        #expect(response.code == -32600)
        #expect(response.json?["id"] == .null)
        // A session means nothing here, good or bad.
        #expect(try client.modern("tools/list", "", [("mcp-session-id", "nonsense")]).head.status == .ok)
    }

    @Test func theLegacyEraBeginsWithAHandshake() throws {
        let client = try Client()
        #expect(try client.answer(Self.list).head.status == .badRequest)
        let session = ("mcp-session-id", try client.session("2025-06-18"))
        let initialized = try client.answer(#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#, [session])
        #expect(initialized.head.status == .accepted)
        #expect(initialized.body.isEmpty)
        #expect(try client.answer(Self.list, [session]).json?["result"]?["tools"] == [])
        #expect(try client.answer(Self.ping, [session]).json?["result"] == [:])
        let unknown = try client.answer(#"{"jsonrpc":"2.0","id":5,"method":"resources/read"}"#, [session])
        #expect(unknown.head.status == .ok)
        #expect(unknown.code == -32601)
        #expect(try client.answer(#"{"jsonrpc":"2.0","id":5,"result":{}}"#, [session]).head.status == .accepted)
        let future = try client.answer(Self.list, [session, ("mcp-protocol-version", "2099-01-01")])
        #expect(future.head.status == .badRequest)
        #expect(future.code == -32022)
    }

    @Test func aSessionIsItsPrincipalsOwn() throws {
        let client = try Client()
        let session = ("mcp-session-id", try client.session())
        #expect(try client.answer(Self.list, [session], client: "other").head.status == .notFound)
        #expect(try client.answer(Self.list, [("mcp-session-id", "nonsense")]).head.status == .notFound)
        #expect(try client.answer(Self.list, [session]).head.status == .ok)
    }

    @Test func onlyTheOldestRevisionTakesBatches() throws {
        let client = try Client()
        let batch = """
            [{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","method":"notifications/initialized"},
            {"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"nothing"}},7,
            {"jsonrpc":"2.0","id":3,"method":"initialize","params":{"protocolVersion":"2025-03-26"}}]
            """
        let old = ("mcp-session-id", try client.session("2025-03-26"))
        let answer = try client.answer(batch, [old])
        #expect(answer.head.status == .ok)
        #expect(answer.json?.array?.map { $0["id"] } == [1, 2, .null, 3])
        #expect(answer.json?[1]?["error"]?["code"] == -32602)
        #expect(answer.json?[3]?["error"]?["code"] == -32600)
        let silent = try client.answer(#"[{"jsonrpc":"2.0","method":"notifications/initialized"}]"#, [old])
        #expect(silent.head.status == .accepted)
        for wrong in ["[]", "[" + Array(repeating: Self.ping, count: 33).joined(separator: ",") + "]"] {
            #expect(try client.answer(wrong, [old]).code == -32600)
        }
        let new = ("mcp-session-id", try client.session("2025-06-18"))
        #expect(try client.answer(batch, [new]).code == -32600)
        #expect(try client.answer(batch, [new, ("mcp-protocol-version", "2025-03-26")]).code == -32600)
        #expect(try client.answer(batch, [old, ("mcp-protocol-version", "2025-06-18")]).code == -32600)
        #expect(try client.answer(batch, Client.fields("tools/list")).code == -32600)
    }

    @Test func scopesOfTheDeploymentAreNeededForEveryBatch() throws {
        let client = try Client(["REQUIRED_MCP_SCOPES": "tools:call"])
        let session = (
            "mcp-session-id", SessionIDs(secret: Array(repeating: 1, count: 32)).mint(.march2025, for: Client.scoped)
        )
        for batch in ["[\(Self.ping)]", #"[{"jsonrpc":"2.0","method":"notifications/initialized"}]"#] {
            let answer = try client.answer(batch, [session], client: "scoped")
            #expect(answer.head.status == .forbidden)
            #expect(answer.code == -32003)
            #expect(answer.json?["error"]?["data"]?["scopes"] == ["tools:call"])
        }
    }

    // MARK: Subscriptions

    private func listen(_ client: Client, _ kinds: String) throws -> [JSONValue] {
        let method = "subscriptions/listen"
        try client.send(Client.message(method, ",\"notifications\":\(kinds)"), Client.fields(method))
        let received = try client.received()
        #expect(received.head?.status == .ok)
        #expect(received.head?.headers.first(name: "content-type") == "text/event-stream")
        #expect(received.head?.headers.first(name: "x-accel-buffering") == "no")
        #expect(received.head?.headers.contains(name: "content-length") == false)
        #expect(!received.isOver)
        return events(received.body)
    }

    private func events(_ body: [UInt8]) -> [JSONValue] {
        String(decoding: body, as: UTF8.self).split(separator: "\n").filter { $0.hasPrefix("data: ") }
            .compactMap { try? JSONValue(parsing: String($0.dropFirst(6))) }
    }

    @Test func whoListensIsToldOfChangesAndOfTheEnd() throws {
        let client = try Client()
        let first = try listen(client, #"{"toolsListChanged":true,"promptsListChanged":true}"#)
        #expect(first.map { $0["method"] } == ["notifications/subscriptions/acknowledged"])
        #expect(first[0]["params"]?["notifications"] == ["toolsListChanged": true])
        #expect(first[0]["params"]?["_meta"]?[MetaKey.subscriptionID] == 1)

        let editions = try TestEditions.two()
        // The news of an issuer make another edition, and tell nobody.
        client.service.mcp.changed(from: editions.first, to: editions.first)
        #expect(try client.received().body.isEmpty)
        client.service.mcp.changed(from: editions.first, to: editions.second)
        let change = try events(client.received().body)
        #expect(change.map { $0["method"] } == ["notifications/tools/list_changed"])
        #expect(change[0]["params"]?["_meta"]?[MetaKey.subscriptionID] == 1)

        client.channel.pipeline.fireUserInboundEventTriggered(StopStage.announced)
        let end = try client.received()
        #expect(end.isOver)
        let result = events(end.body)
        #expect(result.count == 1)
        #expect(result[0]["id"] == 1)
        #expect(result[0]["result"]?["resultType"] == "complete")
        #expect(result[0]["result"]?["_meta"]?[MetaKey.subscriptionID] == 1)
        client.channel.embeddedEventLoop.run()
        #expect(!client.channel.isActive)
    }

    @Test func whatChangedWhileTheRequestCameIsTold() throws {
        let client = try Client()
        let editions = try TestEditions.two()
        client.service.mcp.changed(from: editions.first, to: editions.second)
        // The client's edition is the first one: only its head came before the change.
        let messages = try listen(client, #"{"toolsListChanged":true}"#)
        #expect(
            messages.map { $0["method"] } == [
                "notifications/subscriptions/acknowledged", "notifications/tools/list_changed",
            ])
    }

    @Test func whatNobodyAskedForIsNotSent() throws {
        let client = try Client()
        let method = "subscriptions/listen"
        let answer = try client.modern(method, #","notifications":{"promptsListChanged":true}"#)
        let messages = events(answer.body)
        #expect(messages.count == 2)
        #expect(messages.first?["params"]?["notifications"] == [:])
        #expect(messages.last?["result"]?["resultType"] == "complete")
    }

    @Test func nobodyTakesEveryStream() throws {
        let first = try Client()
        var others: [Client] = []
        _ = try listen(first, #"{"toolsListChanged":true}"#)
        for _ in 1..<Subscriptions.limitOfOne {
            let client = try Client(to: first.service)
            _ = try listen(client, #"{"toolsListChanged":true}"#)
            others.append(client)
        }
        let late = try Client(to: first.service)
        func ask(_ name: String) throws -> HTTPResponseStatus? {
            let method = "subscriptions/listen"
            let body = Client.message(method, #","notifications":{"toolsListChanged":true}"#)
            try late.send(body, Client.fields(method), client: name)
            return try late.received().head?.status
        }
        #expect(try ask("shop") == .serviceUnavailable)
        first.channel.pipeline.fireChannelInactive()
        #expect(try ask("shop") == .ok)
        #expect(others.count == Subscriptions.limitOfOne - 1)
    }

    @Test func withoutAuthenticationAddressesTellCallersApart() throws {
        let first = try Client(["MCP_AUTH_MODE": "none"], from: "192.0.2.1")
        var open = [first]
        for _ in 1..<Subscriptions.limitOfOne { open.append(try Client(to: first.service, from: "192.0.2.1")) }
        for client in open { _ = try listen(client, #"{"toolsListChanged":true}"#) }
        func status(from address: String) throws -> HTTPResponseStatus? {
            let client = try Client(to: first.service, from: address)
            let body = Client.message("subscriptions/listen", #","notifications":{"toolsListChanged":true}"#)
            try client.send(body, Client.fields("subscriptions/listen"))
            return try client.received().head?.status
        }
        #expect(try status(from: "192.0.2.1") == .serviceUnavailable)
        #expect(try status(from: "192.0.2.2") == .ok)
    }

    @Test func thereIsALimitToTheStreamsOfAll() throws {
        let first = try Client()
        var open: [Client] = []
        func status(_ name: String) throws -> HTTPResponseStatus? {
            let client = try Client(to: first.service)
            let body = Client.message("subscriptions/listen", #","notifications":{"toolsListChanged":true}"#)
            try client.send(body, Client.fields("subscriptions/listen"), client: name)
            open.append(client)
            return try client.received().head?.status
        }
        for index in 0..<Subscriptions.limit { #expect(try status("c\(index / Subscriptions.limitOfOne)") == .ok) }
        #expect(try status("late") == .serviceUnavailable)
        open[0].channel.pipeline.fireChannelInactive()
        #expect(try status("late") == .ok)
        #expect(try status("later") == .serviceUnavailable)
    }

    @Test func aQuietStreamGivesSignsOfLifeAndEndsInTime() throws {
        let client = try Client()
        _ = try listen(client, #"{"toolsListChanged":true}"#)
        client.channel.embeddedEventLoop.advanceTime(by: .seconds(60))
        let signs = try client.received()
        #expect(String(decoding: signs.body, as: UTF8.self).split(separator: "\n").allSatisfy { $0.hasPrefix(":") })
        #expect(!signs.body.isEmpty)
        #expect(!signs.isOver)
        client.channel.embeddedEventLoop.advanceTime(by: .minutes(30))
        let end = try client.received()
        #expect(end.isOver)
        #expect(events(end.body).last?["result"] != nil)
        #expect(try client.modern("server/discover").head.status == .ok)
    }

    @Test func whoIsGoneIsForgotten() throws {
        let client = try Client()
        _ = try listen(client, #"{"toolsListChanged":true}"#)
        client.channel.pipeline.fireChannelInactive()
        let editions = try TestEditions.two()
        client.service.mcp.changed(from: editions.first, to: editions.second)
        #expect(try client.received().body.isEmpty)
    }
}
