// What a host holds on to: memory, threads, files and time, whatever clients and folders do.

import Foundation
import JSON
import Testing

@Suite("Resources")
struct ResourceTests {
    /// In kB.
    private func memory(of host: RunningHost, _ kind: String = "VmRSS") throws -> Int {
        let status = SystemFile.text("/proc/\(host.process.id)/status")
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("\(kind):") })
        return try #require(Int(line.filter(\.isNumber)))
    }

    /// As the kernel knows them.
    private func threadNames(of host: RunningHost) throws -> [String] {
        let tasks = "/proc/\(host.process.id)/task"
        // One that ends meanwhile has no name any more.
        return try FileManager.default.contentsOfDirectory(atPath: tasks).map {
            SystemFile.text("\(tasks)/\($0)/comm").trimmingCharacters(in: .newlines)
        }.filter { !$0.isEmpty }
    }

    @Test("What was read only to start is not kept")
    func startIsNotKept() throws {
        try RunningHost.with(HostOptions(packs: PackSource.shop)) { host throws in
            // Host and packs have 39 MB when all that the start has touched stays.
            let isGivenBack = try eventually { try memory(of: host, "RssFile") < 35_000 }
            #expect(isGivenBack)
            #expect(try host.get("/openapi.json").status == 200)
        }
    }

    @Test("What follows a connection's last request is not kept", arguments: [true, false])
    func lastRequest(isBeingAnswered: Bool) throws {
        try RunningHost.with { host throws in
            let before = try memory(of: host)
            let connection = try host.connect()
            let body = #"{"milliseconds":1500}"#
            // After an offer to change the protocol the parser takes nothing any more.
            let offer = ["Connection: Upgrade", "Upgrade: h2c"]
            try connection.send(
                isBeingAnswered
                    ? host.callHead("echo_pending", "Content-Length: \(body.utf8.count)", offer[0], offer[1]) + "\r\n"
                        + body
                    : "GET /nothing HTTP/1.1\r\nHost: a\r\n\(offer[0])\r\n\(offer[1])\r\n\r\n")
            let megabyte = [UInt8](repeating: 0x78, count: 1 << 20)
            var most = 0
            for count in 0..<300 {
                guard (try? connection.send(megabyte)) != nil else { break }
                if count % 10 == 9 { most = max(most, try memory(of: host)) }
            }
            most = max(most, try memory(of: host))
            #expect(most < before + 50_000)
            #expect(try host.get("/health").status == 200)
        }
    }

    @Test("Of requests behind each other nothing is kept, also where each comes with the beginning of the next one")
    func requestsCutBetween() throws {
        try RunningHost.with { host throws in
            let request = Array(
                "GET /health/live HTTP/1.1\r\nHost: a\r\nX-A: \(String(repeating: "a", count: 14_000))\r\n\r\n".utf8)
            let connection = try host.connect()
            try connection.send(Array(request.prefix(1)))
            let turned = Array(request.dropFirst() + request.prefix(1))
            for _ in 0..<50 {
                try connection.send(turned)
                #expect(try connection.response().status == 200)
            }
            let before = try memory(of: host)
            // Of 28 MB.
            for _ in 0..<2000 {
                try connection.send(turned)
                _ = try connection.response()
            }
            #expect(try memory(of: host) < before + 10_000)
        }
    }

    @Test("A call leaves nothing behind, however it ends", arguments: ["echo", "echo_worker", "echo_pending"])
    func memory(tool: String) throws {
        try RunningHost.with { host throws in
            let arguments = #"{"text":"\#(String(repeating: "x", count: 60_000))"}"#
            func calls(_ count: Int) throws {
                for _ in 0..<count { #expect(try host.call(tool, arguments).status == 200) }
            }
            try calls(100)
            let before = try memory(of: host)
            try calls(1000)
            // 60 MB would have stayed if each call kept its body.
            #expect(try memory(of: host) - before < 20_000)
        }
    }

    @Test("Nor does one whose progress somebody waits for", arguments: [MCPName.modern, "2025-06-18"])
    func memoryOfStreams(version: String) throws {
        try RunningHost.with { host throws in
            let arguments: JSONValue = ["text": .string(String(repeating: "x", count: 60_000))]
            let session = try host.newSession()
            let call = MCPPost.call("echo", arguments, version: version, progressToken: 1).with {
                if version != MCPName.modern { $0[MCPName.session] = session }
            }
            func calls(_ count: Int) throws {
                for _ in 0..<count { #expect(try host.post(call).result != nil) }
            }
            try calls(100)
            let before = try memory(of: host)
            try calls(1000)
            #expect(try memory(of: host) - before < 20_000)
        }
    }

    @Test("Threads say what they are for")
    func threadNames() throws {
        try RunningHost.with(HostOptions(isolation: .host)) { host throws in
            #expect(try host.call("echo_worker").status == 200)
            var names: [String] = []
            // A thread that has just begun still has the name of whoever started it.
            let isEachNamed = try eventually {
                names = try threadNames(of: host)
                return names.count { $0 == "toolhost" } == 1
            }
            #expect(isEachNamed && names.contains("tool-worker") && names.contains("log"), "\(names)")
        }
    }

    @Test("Connections are served by as many threads as the operator says")
    func eventLoops() throws {
        try RunningHost.with(HostOptions(environment: ["HTTP_EVENT_LOOPS": "3"])) { host throws in
            #expect(try eventually { try threadNames(of: host).count { $0.hasPrefix("NIO-ELT-") } == 3 })
            for _ in 0..<4 { #expect(try host.get("/health").status == 200) }
        }
    }

    @Test("A body's time begins with its head, also on a connection that waited before")
    func bodyTime() throws {
        try RunningHost.with(
            HostOptions(environment: [
                "HTTP_BODY_TIMEOUT": "300ms", "HTTP_HEADER_TIMEOUT": "1h", "HTTP_IDLE_TIMEOUT": "1h",
            ])
        ) { host throws in
            for requests in [0, 1] {
                let connection = try host.connect(timeout: 20)
                for _ in 0..<requests {
                    try connection.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
                    #expect(try connection.response().status == 200)
                }
                try connection.send(host.callHead("echo", "Content-Length: 10") + "\r\n{")
                #expect(try connection.response().status == 408)
            }
        }
    }

    @Test("After an offer to upgrade the connection ends, since nothing more is read on it")
    func upgrade() throws {
        try RunningHost.with { host throws in
            let connection = try host.connect()
            try connection.send(
                "GET /health HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                    + "HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n")
            let answer = try connection.response()
            #expect(answer.status == 200)
            #expect(answer["Connection"] == "close")
            #expect(try connection.isClosedByPeer())
        }
    }

    @Test("An expectation that is not understood is refused without waiting for the body")
    func expectation() throws {
        try RunningHost.with { host throws in
            let connection = try host.connect(timeout: 10)
            try connection.send(host.callHead("echo", "Content-Length: 2", "Expect: 200-maybe") + "\r\n")
            #expect(try connection.response().status == 417)
        }
    }

    @Test("The limit on bodies holds for requests that are refused anyway")
    func refusedBody() throws {
        try RunningHost.with(HostOptions(environment: ["HTTP_MAX_BODY_BYTES": "1000"])) { host throws in
            let connection = try host.connect(timeout: 20)
            try connection.send(
                "POST /tools/echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n")
            for _ in 0..<20 { try? connection.send("64\r\n" + String(repeating: "x", count: 100) + "\r\n") }
            let answer = try connection.response()
            #expect(answer.status == 401)
            #expect(answer["Connection"] == "close")
        }
    }

    @Test("Odd files in the plugins folder stop nothing")
    func oddFiles() throws {
        let scratch = try Scratch()
        let options = HostOptions(packs: ["good"])
        try options.stage(in: scratch)
        let folder = scratch.path + "/plugins.d"
        // 300 GB that take no room.
        #expect(FileManager.default.createFile(atPath: folder + "/a_huge.so", contents: nil))
        #expect(unsafe truncate(folder + "/a_huge.so", 300 << 30) == 0)
        #expect(unsafe mkfifo(folder + "/b_pipe.so", 0o644) == 0)
        try scratch.write([UInt8]("x".utf8), to: "plugins.d/c_text.so", mode: 0o755)
        #expect(unsafe mkfifo(folder + "/c_text.yaml", 0o644) == 0)
        try FileManager.default.createDirectory(atPath: folder + "/d_folder.so", withIntermediateDirectories: false)
        try RunningHost.with(options, in: scratch) { host throws in
            #expect(try host.call("echo").status == 200)
            #expect(try host.get("/health").json?["refused"]?.int64 == 4)
            #expect(host.logSays("a_huge.so", "bytes"))
            #expect(host.logSays("b_pipe.so", "not a regular file"))
            #expect(host.logSays("c_text.so", "c_text.yaml", "not a regular file"))
        }
    }

    @Test("Without authentication a page cannot call through its visitor's browser")
    func rebinding() throws {
        try RunningHost.with(HostOptions(environment: ["MCP_AUTH_MODE": "none"])) { host throws in
            func status(host name: String, origin: String?) throws -> Int {
                let connection = try host.connect()
                let from = origin.map { "Origin: \($0)\r\n" } ?? ""
                try connection.send(
                    "POST /tools/echo HTTP/1.1\r\nHost: \(name)\r\n\(from)Content-Type: application/json\r\n"
                        + "Content-Length: 2\r\n\r\n{}")
                return try connection.response().status
            }
            #expect(try status(host: "localhost:\(host.port)", origin: nil) == 200)
            #expect(try status(host: "evil.example", origin: "http://evil.example") == 421)
            #expect(try status(host: "localhost", origin: "http://evil.example") == 403)
        }
    }

    @Test("A stop that comes while calls are inside a pack harms nobody")
    func stopWithOpenCalls() throws {
        let options = HostOptions(
            packs: ["good", "hang_stop"] + PackSource.shop,
            environment: ["HTTP_SHUTDOWN_TIMEOUT": "500ms", "TOOL_START_TIMEOUT": "2s"])
        let host = try RunningHost(options)
        defer { host.stop() }
        // Bodies that are finished only after the stop has begun.
        let connections = try (0..<20).map { _ in try host.connect() }
        for (index, connection) in connections.enumerated() {
            try connection.send(
                host.callHead(index % 2 == 0 ? "view_cart" : "echo_pending", "Content-Length: 2") + "\r\n{")
        }
        host.process.signal(SIGTERM)
        #expect(host.logSays("stopping"))
        for connection in connections { try? connection.send("}") }
        let end = try #require(host.process.wait(within: .seconds(30)))
        #expect(end == .exited(0), "\(end) \(host.scratch.text("log").suffix(2000))")
    }

    @Test("A log that nobody reads does not stop the host")
    func blockedLog() throws {
        let scratch = try Scratch()
        let options = HostOptions()
        try options.stage(in: scratch)
        var ends: [Int32] = [0, 0]
        #expect(unsafe pipe(&ends) == 0)
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { for end in ends { close(end) } }
        // A fixed port would be needed to find a host whose log is not read: it tells its port to its state folder's
        // client only through the log, so a first host finds a free one.
        let port = try RunningHost.with { $0.port }
        let process = try ChildProcess(
            Setup.executable, ["serve"],
            environment: options.environment(in: scratch).merging(["MCP_SERVER_PORT": "\(port)"]) { $1 },
            directory: scratch.path, output: ends[1], errors: ends[1])
        defer { process.signal(SIGKILL) }
        #expect(
            eventually {
                (try? RawConnection(port: port, timeout: 5)) != nil
            })
        for _ in 0..<3000 {
            let connection = try RawConnection(port: port, timeout: 10)
            try connection.send("GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(try connection.response().status == 200)
        }
    }
}
