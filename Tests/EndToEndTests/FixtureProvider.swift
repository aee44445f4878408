// An identity provider in a process of its own, and hosts that trust it.

import JSON
import Testing

/// `Tests/Fixtures/issuer.py`, which misbehaves when it is told to.
final class FixtureProvider: Sendable {
    private let scratch: Scratch
    private let process: ChildProcess
    let port: Int
    let issuer: String

    static let metadata = "/.well-known/openid-configuration"
    static let keys = "/keys"
    static let audience = "api://toolhost"

    /// - Parameter tls: reached by https then, with this certificate.
    init(tls: FixtureCertificate? = nil) throws {
        let scratch = try Scratch()
        let process = try ChildProcess(
            Setup.python,
            ["\(Setup.root)/Tests/Fixtures/issuer.py", scratch.path + "/port"]
                + (tls.map { [$0.certificate, $0.key] } ?? []),
            environment: Scratch.plainEnvironment, directory: scratch.path, output: scratch.path + "/output",
            errors: scratch.path + "/errors")
        self.scratch = scratch
        self.process = process
        _ = eventually { !scratch.text("port").isEmpty || process.poll() != nil }
        let ports = scratch.text("port").split(separator: " ").compactMap { Int($0) }
        port = try #require(ports.first, "\(scratch.text("errors"))")
        issuer = ports.count == 2 ? "https://127.0.0.1:\(ports[1])" : "http://127.0.0.1:\(port)"
    }

    deinit { process.signal(9) }

    /// The environment of a host that trusts it.
    func environment(_ more: [String: String] = [:]) -> [String: String] {
        ["MCP_AUTH_MODE": "oauth2", "OAUTH2_ISSUER": issuer, "OAUTH2_AUDIENCE": Self.audience].merging(more) { $1 }
    }

    /// How often a path was asked for.
    func count(_ path: String) throws -> Int64 {
        try exchange("GET", "/control")[path]?.int64 ?? 0
    }

    /// Changes what is served: see issuer.py.
    func control(_ order: JSONValue) throws {
        _ = try exchange("POST", "/control", order)
    }

    func token(
        _ claims: JSONObject = [:], key: String? = nil, header: JSONObject = [:], scope: String = "facts"
    ) throws -> String {
        var all: JSONObject = [
            "aud": .string(Self.audience), "client_id": "client", "sub": "alice", "scope": .string(scope),
        ]
        for (name, value) in claims { all[name] = value }
        var order: JSONObject = ["claims": .object(all), "header": .object(header)]
        if let key { order["key"] = .string(key) }
        return try #require(try exchange("POST", "/sign", .object(order))["token"]?.string)
    }

    private func exchange(_ method: String, _ path: String, _ body: JSONValue? = nil) throws -> JSONValue {
        let text = body.map { String(decoding: $0.bytes(), as: UTF8.self) } ?? ""
        let connection = try RawConnection(port: port)
        try connection.send(
            "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                + "Content-Length: \(text.utf8.count)\r\n\r\n\(text)")
        return try #require(try connection.response(head: false).json)
    }
}

extension RunningHost {
    /// A call with a token of somebody else.
    func call(token: String, _ tool: String = "echo", _ fields: [String: String] = [:]) throws -> HTTPResponse {
        var all = ["Authorization": "Bearer " + token, "Content-Type": "application/json"]
        all.merge(fields) { $1 }
        return try request("POST", "/tools/\(tool)", all, body: "{}")
    }

    /// Whether the keys of all issuers are there.
    func hasKeys() -> Bool {
        eventually { (try? get("/health").json?["status"]?.string) == "ok" }
    }
}
