// A real `toolhost serve` with a plugins folder, a state folder and a port of its own.

import Foundation
import JSON
import Synchronization
import Testing

/// A pack to put into the plugins folder.
enum PackSource: Sendable, ExpressibleByStringLiteral {
    /// One of the four that ship: `.shipped("catalog")`.
    case shipped(String)
    /// A fixture, under its own file name or another one, which decides the order of loading.
    case fixture(String, as: String? = nil)
    /// Any file.
    case file(String, as: String)

    init(stringLiteral name: String) { self = .fixture(name) }

    static let shop: [PackSource] = [.shipped("cart"), .shipped("catalog"), .shipped("checkout"), .shipped("deals")]

    var fileName: String {
        switch self {
        case .shipped(let name): name + ".so"
        case .fixture(let name, let other): (other ?? name) + ".so"
        case .file(_, let name): name
        }
    }

    var stem: String { String(fileName.dropLast(3)) }

    /// What ships with it.
    var policy: String? {
        get throws {
            guard case .shipped(let name) = self else { return nil }
            return try String(
                contentsOfFile: "\(Setup.root)/Plugins/\(name.capitalized)/\(name).yaml", encoding: .utf8)
        }
    }

    var path: String {
        get throws {
            switch self {
            case .shipped(let name): try "\(Setup.packs)/\(name).so"
            case .fixture(let name, _): try "\(Setup.fixtures)/\(name).so"
            case .file(let path, _): path
            }
        }
    }
}

/// What to start a host with.
struct HostOptions: Sendable {
    var packs: [PackSource] = ["good"]
    /// Contents of the YAML files, by pack file stem.
    var policies: [String: String] = [:]
    var environment: [String: String] = [:]
    /// Where its packs run; `nil`: as by default.
    var isolation: Isolation?
    /// A program that changes something of its process and then becomes the host, with its arguments.
    var wrapper: [String] = []
    /// Another copy of `toolhost`.
    var executable: String?

    /// The environment that makes a host small and quick in tests, and what these options add.
    func environment(in scratch: Scratch) -> [String: String] {
        let basis = [
            "MCP_SERVER_PORT": "0", "PLUGINS_DIR": scratch.path + "/plugins.d", "STATE_DIR": scratch.path + "/var",
            "LOG_FORMAT": "json",
        ]
        let own = isolation.map { ["PACK_ISOLATION": $0.rawValue] } ?? [:]
        return Scratch.plainEnvironment.merging(basis) { $1 }.merging(own) { $1 }.merging(environment) { $1 }
    }

    /// Writes packs and policies into `plugins.d` of the folder.
    func stage(in scratch: Scratch) throws {
        try scratch.makeFolder("plugins.d")
        for pack in packs {
            guard let contents = try FileManager.default.contents(atPath: pack.path) else {
                throw Setup.Missing(name: try pack.path)
            }
            try scratch.write(Array(contents), to: "plugins.d/" + pack.fileName, mode: 0o755)
            if let yaml = try pack.policy { try scratch.write(yaml, to: "plugins.d/\(pack.stem).yaml") }
        }
        for (stem, yaml) in policies { try scratch.write(yaml, to: "plugins.d/\(stem).yaml") }
    }
}

/// The process, and the means to talk to it. Killed at the latest when this object goes away.
final class RunningHost: Sendable {
    @TaskLocal private static var suite: RunningHost?
    @TaskLocal private static var both: [Isolation: RunningHost] = [:]

    /// The host of the suite's `.host(…)` trait; of `.hosts(…)` that of the default.
    static var current: RunningHost {
        get throws { try #require(suite ?? both[.process], "the suite has no .host trait") }
    }

    /// One of the hosts of the suite's `.hosts(…)` trait.
    static func current(_ isolation: Isolation) throws -> RunningHost {
        try #require(both[isolation], "the suite has no .hosts trait")
    }

    struct NotServing: Error, CustomStringConvertible {
        let description: String
    }

    let scratch: Scratch
    /// Its STATE_DIR.
    let state: String
    let port: Int
    let process: ChildProcess
    private let knownToken = Mutex<String?>(nil)

    /// Starts the host and waits until it listens. - Parameter scratch: a folder to go on with, of an earlier host.
    convenience init(_ options: HostOptions = HostOptions(), in given: Scratch? = nil) throws {
        let folder = try given ?? Scratch()
        if given == nil { try options.stage(in: folder) }
        try? FileManager.default.removeItem(atPath: folder.path + "/log")
        let command = try options.wrapper + [options.executable ?? Setup.executable, "serve"]
        let process = try ChildProcess(
            command[0], Array(command.dropFirst()), environment: options.environment(in: folder),
            directory: folder.path, output: folder.path + "/output", errors: folder.path + "/log")
        try self.init(following: process, in: folder, options)
    }

    /// Waits until a host listens that was started by other means, with these options, its log and output in the
    /// folder.
    init(following process: ChildProcess, in folder: Scratch, _ options: HostOptions) throws {
        var found: Int64?
        // Generous: a machine that is busy with other tests may take its time, and a host that hangs is told all the
        // same.
        _ = eventually(within: .seconds(120)) {
            found = Self.lines(folder).first { $0["message"]?.string == "listening" }?["port"]?.int64
            return found != nil || process.poll() != nil
        }
        guard let found else {
            throw NotServing(
                description: "\(String(describing: process.poll())) \(folder.text("log")) \(folder.text("output"))")
        }
        scratch = folder
        state = options.environment(in: folder)["STATE_DIR"] ?? ""
        self.process = process
        port = Int(found)
    }

    /// Runs the body beside a host that is stopped afterwards, whatever happens.
    static func with<Result>(
        _ options: HostOptions = HostOptions(), in scratch: Scratch? = nil, _ body: (RunningHost) throws -> Result
    ) throws -> Result {
        let host = try RunningHost(options, in: scratch)
        defer { host.stop() }
        return try body(host)
    }

    fileprivate static func with(_ options: HostOptions, suite: () async throws -> Void) async throws {
        let host = try RunningHost(options)
        defer { host.stop() }
        try await $suite.withValue(host) { try await suite() }
    }

    fileprivate static func withBoth(_ options: HostOptions, suite: () async throws -> Void) async throws {
        var hosts: [Isolation: RunningHost] = [:]
        defer { for host in hosts.values { host.stop() } }
        for isolation in Setup.isolations {
            var options = options
            options.isolation = isolation
            hosts[isolation] = try RunningHost(options)
        }
        try await $both.withValue(hosts) { try await suite() }
    }

    var isRunning: Bool { process.poll() == nil }

    /// SIGTERM, and SIGKILL when that does not help.
    @discardableResult func stop(within time: Duration = .seconds(60)) -> ChildProcess.End? {
        process.signal(SIGTERM)
        if let end = process.wait(within: time) { return end }
        process.signal(SIGKILL)
        _ = process.wait()
        return nil
    }

    // MARK: The log

    private static func lines(_ scratch: Scratch) -> [JSONValue] {
        (scratch.text("log") + scratch.text("output")).split(separator: "\n").compactMap { line in
            try? JSONValue(parsing: String(line))
        }
    }

    /// The log lines so far.
    var log: [JSONValue] { Self.lines(scratch) }

    /// Waits for a log line; `nil` when it does not come.
    func logLine(within time: Duration = .seconds(20), where matches: (JSONValue) -> Bool) -> JSONValue? {
        var line: JSONValue?
        _ = eventually(within: time) {
            line = log.first(where: matches)
            return line != nil
        }
        return line
    }

    /// Whether some log line says all of these things, wherever in the line.
    func logSays(_ words: String..., within time: Duration = .seconds(20)) -> Bool {
        logLine(within: time) { line in words.allSatisfy { line.description.contains($0) } } != nil
    }

    // MARK: Requests

    func connect(timeout: Int = 30) throws -> RawConnection { try RawConnection(port: port, timeout: timeout) }

    /// One request on a connection of its own.
    func request(
        _ method: String, _ target: String, _ fields: [String: String] = [:], body: String? = nil
    ) throws -> HTTPResponse {
        var head = "\(method) \(target) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n"
        for (name, value) in fields { head += "\(name): \(value)\r\n" }
        if let body { head += "Content-Length: \(body.utf8.count)\r\n" }
        let connection = try connect()
        try connection.send(head + "\r\n" + (body ?? ""))
        return try connection.response(head: method == "HEAD")
    }

    func get(_ target: String, _ fields: [String: String] = [:]) throws -> HTTPResponse {
        try request("GET", target, fields)
    }

    /// Calls a tool with a token and JSON text.
    func call(_ tool: String, _ arguments: String = "{}", _ fields: [String: String] = [:]) throws -> HTTPResponse {
        var all = try ["Authorization": "Bearer " + token(), "Content-Type": "application/json"]
        all.merge(fields) { $1 }
        return try request("POST", "/tools/\(tool)", all, body: arguments)
    }

    /// The head of a call with everything but `Content-Length`, to be sent by hand.
    func callHead(_ tool: String, _ fields: String...) throws -> String {
        try "POST /tools/\(tool) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nAuthorization: Bearer \(token())\r\n"
            + "Content-Type: application/json\r\n" + fields.map { $0 + "\r\n" }.joined()
    }

    /// What `quick_inline` answers where it runs on the threads of the network, once it does.
    func eventLoopThreads() throws -> Set<String> {
        // Long after a tool has shown that it is quick; connections are spread over all the threads.
        Set(try (1...150).map { _ in try call("quick_inline").text }.suffix(50))
    }

    /// The client that the embedded authorization server made.
    func client() throws -> (id: String, secret: String) {
        let contents = try #require(FileManager.default.contents(atPath: state + "/auth/client.json"))
        let file = try JSONValue(parsing: Array(contents))
        return (try #require(file["client_id"]?.string), try #require(file["client_secret"]?.string))
    }

    /// A token of the embedded authorization server, the same one for all calls.
    func token() throws -> String {
        if let known = knownToken.withLock({ $0 }) { return known }
        let token = try newToken()
        knownToken.withLock { $0 = token }
        return token
    }

    /// A new token, with every scope or some.
    func newToken(scope: String? = nil) throws -> String {
        let (id, secret) = try client()
        let answer = try request(
            "POST", "/oauth2/token", ["Content-Type": "application/x-www-form-urlencoded"],
            body: "grant_type=client_credentials&client_id=\(id)&client_secret=\(secret)"
                + (scope.map { "&scope=\($0)" } ?? ""))
        return try #require(answer.json?["access_token"]?.string, "\(answer.status) \(answer.text)")
    }
}

/// Gives a suite one host for all its tests, or one for each isolation.
struct HostTrait: SuiteTrait, TestScoping {
    let options: HostOptions
    var isForBoth = false

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        if isForBoth { return try await RunningHost.withBoth(options, suite: function) }
        try await RunningHost.with(options, suite: function)
    }
}

extension Trait where Self == HostTrait {
    static func host(
        _ packs: [PackSource] = ["good"], policies: [String: String] = [:], environment: [String: String] = [:],
        isolation: Isolation? = nil
    ) -> Self {
        HostTrait(
            options: HostOptions(packs: packs, policies: policies, environment: environment, isolation: isolation))
    }

    static func hosts(_ packs: [PackSource] = ["good"], policies: [String: String] = [:]) -> Self {
        HostTrait(options: HostOptions(packs: packs, policies: policies), isForBoth: true)
    }
}
