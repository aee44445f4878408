// A service in a process of its own, and hosts whose fixture pack may reach it.

import JSON
import Testing

/// `Tests/Fixtures/agents_api.py` in a process of its own, and hosts whose fixture pack may reach it.
final class OutboundWorld: Sendable {
    private let scratch: Scratch
    private let process: ChildProcess
    let port: Int
    var origin: String { "http://127.0.0.1:\(port)" }

    init(tls: (certificate: String, key: String)? = nil) throws {
        let scratch = try Scratch()
        let process = try ChildProcess(
            Setup.python,
            ["\(Setup.root)/Tests/Fixtures/agents_api.py"] + (tls.map { ["--tls", $0.certificate, $0.key] } ?? []),
            environment: Scratch.plainEnvironment, directory: scratch.path, output: scratch.path + "/output",
            errors: scratch.path + "/errors")
        self.scratch = scratch
        self.process = process
        _ = eventually { scratch.text("output").contains("}") || process.poll() != nil }
        let said = try? JSONValue(parsing: scratch.text("output"))
        port = Int(try #require(said?["port"]?.int64, "\(scratch.text("errors"))"))
    }

    deinit { process.signal(9) }

    func kill() {
        process.signal(9)
        _ = process.wait()
    }

    /// Changes how it answers: see agents_api.py.
    func control(_ order: JSONValue) throws { _ = try exchange("POST", order) }

    /// What happened, in order.
    func events(_ event: String? = nil) throws -> [JSONValue] {
        let all = try exchange("GET")["events"]?.array ?? []
        return all.filter { event == nil || $0["event"]?.string == event }
    }

    /// Requests for a path that ends like this.
    func requests(_ end: String = "") throws -> [JSONValue] {
        try events("request").filter { $0["path"]?.string?.hasSuffix(end) == true }
    }

    private func exchange(_ method: String, _ body: JSONValue? = nil) throws -> JSONValue {
        let text = body.map { String(decoding: $0.bytes(), as: UTF8.self) } ?? ""
        let connection = try RawConnection(port: port)
        try connection.send(
            "\(method) /control HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                + "Content-Length: \(text.utf8.count)\r\n\r\n\(text)")
        return try #require(try connection.response(head: false).json)
    }

    /// - Parameter policy: the pack's YAML.
    func options(_ environment: [String: String] = [:], policy: String? = nil) -> HostOptions {
        HostOptions(
            packs: ["outbound", "good"], policies: policy.map { ["outbound": $0] } ?? [:],
            environment: ["NEXTJS_URL": origin].merging(environment) { $1 })
    }

    /// The arguments of a call whose request is answered in this way.
    func arguments(_ behaviour: String = "typed", _ more: JSONObject = [:]) -> String {
        var arguments: JSONObject = [
            "url": .string("\(origin)/as/\(behaviour)/api/mcp/agents/catalog"),
            "body": #"{"action":"search","milk":"?"}"#,
        ]
        for (name, value) in more { arguments[name] = value }
        return String(decoding: JSONValue.object(arguments).bytes(), as: UTF8.self)
    }
}

extension JSONValue {
    /// The value of a request's header field, of what the API recorded.
    func header(_ name: String) -> String? {
        let found = (self["headers"]?.array ?? []).filter { $0.array?.first?.string == name }
        return found.count == 1 ? found[0].array?.last?.string : nil
    }
}
