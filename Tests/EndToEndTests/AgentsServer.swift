// The agents API in a process of its own, and hosts whose packs forward to it.

import Foundation
import JSON
import Testing

/// `Tests/Fixtures/agents_api.py`, which misbehaves when it is told to, and can be killed and started again.
final class AgentsServer: Sendable {
    static let prose = "I found 5 milk products; the cheapest is $3.49."

    private let scratch: Scratch
    private let process: ChildProcess
    let port: Int

    /// - Parameter earlier: A server whose port and record it takes over.
    init(after earlier: AgentsServer? = nil) throws {
        let scratch = try earlier?.scratch ?? Scratch()
        try? FileManager.default.removeItem(atPath: scratch.path + "/output")
        var arguments = ["\(try Setup.root)/Tests/Fixtures/agents_api.py", "--record", scratch.path + "/record"]
        if let earlier { arguments += ["--port", "\(earlier.port)"] }
        let process = try ChildProcess(
            Setup.python, arguments, environment: Scratch.plainEnvironment, directory: scratch.path,
            output: scratch.path + "/output", errors: scratch.path + "/errors")
        self.scratch = scratch
        self.process = process
        _ = eventually { scratch.text("output").hasSuffix("\n") || process.poll() != nil }
        let line = try JSONValue(parsing: scratch.text("output"))
        port = Int(try #require(line["port"]?.int64, "\(scratch.text("errors"))"))
    }

    deinit { process.signal(SIGKILL) }

    var url: String { "http://127.0.0.1:\(port)" }

    func kill() {
        process.signal(SIGKILL)
        _ = process.wait()
    }

    /// Changes how it answers: see agents_api.py.
    func control(_ order: JSONValue) throws {
        let text = String(decoding: order.bytes(), as: UTF8.self)
        let connection = try RawConnection(port: port)
        try connection.send(
            "POST /control HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: \(text.utf8.count)\r\n\r\n"
                + text)
        #expect(try connection.response().status == 200)
    }

    /// What happened so far, through all restarts.
    var events: [JSONValue] {
        scratch.text("record").split(separator: "\n").compactMap { try? JSONValue(parsing: String($0)) }
    }

    /// The whole record as text.
    var record: String { scratch.text("record") }

    /// Requests to agents, of one conversation or all.
    func requests(_ conversation: String? = nil) -> [JSONValue] {
        events.filter { event in
            event["event"] == "request" && event["method"] == "POST"
                && (conversation == nil || event["body"]?["threadId"]?.string == conversation)
        }
    }

    func happened(_ event: String, to request: JSONValue) -> Bool {
        eventually { events.contains { $0["event"] == .string(event) && $0["id"] == request["id"] } }
    }
}

/// The four packs in front of the agents API.
struct AgentsShop {
    /// The tools with arguments that every agent takes, and where they go.
    static let tools: [(name: String, arguments: String, agent: String, action: String)] = [
        ("search_products", #"{"query":"milk","limit":10}"#, "catalog", "search"),
        ("add_to_cart", #"{"productCode":"milk-001","quantity":2}"#, "cart", "add"),
        ("view_cart", "{}", "cart", "view"),
        ("checkout", #"{"cartSummary":"2 items, total $12.50"}"#, "cart", "checkout"),
        ("add_payment_method", #"{"type":"paypal"}"#, "payment", "add"),
        ("get_deals", #"{"category":"dairy"}"#, "deals", "get"),
    ]
    static let apiKey = "key-of-the-backend-71f0"

    let server: AgentsServer
    let host: RunningHost

    /// Runs the body beside a server and a host. The host leaves no origin alone, however often it fails, unless told.
    static func with(
        _ environment: [String: String] = [:], server given: AgentsServer? = nil, policies: [String: String] = [:],
        _ body: (AgentsShop) throws -> Void
    ) throws {
        let server = try given ?? AgentsServer()
        let basis = [
            "NEXTJS_URL": server.url, "AGENTS_API_KEY": apiKey, "OUTBOUND_CIRCUIT_FAILURES": "1000",
            "OUTBOUND_HEALTH_INTERVAL": "200ms",
        ]
        let options = HostOptions(
            packs: PackSource.shop, policies: policies, environment: basis.merging(environment) { $1 })
        try RunningHost.with(options) { try body(AgentsShop(server: server, host: $0)) }
    }

    /// Calls a tool in a conversation, whose name may tell the server how to answer: `as:prose:…`.
    func call(
        _ tool: String, _ arguments: String, in conversation: String, _ fields: [String: String] = [:]
    ) throws -> HTTPResponse {
        try host.call(tool, arguments, fields.merging(["openai-conversation-id": conversation]) { $1 })
    }
}
