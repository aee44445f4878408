// SIGTERM: open calls end, new ones are turned away, packs are stopped, and the exit code is 0.

import Dispatch
import Foundation
import JSON
import Synchronization
import Testing

@Suite("Shutdown")
struct ShutdownTests {
    @Test("An idle host exits 0, and stops its packs", arguments: [SIGTERM, SIGINT])
    func idle(_ signal: Int32) throws {
        let scratch = try Scratch()
        let outside = try Scratch()
        let notes = outside.path + "/notes"
        let options = HostOptions(
            packs: ["good", "stop"],
            policies: ["stop": "sandbox: {write: [\"\(outside.path)\"]}\nconfig: {path: \"\(notes)\"}"])
        try options.stage(in: scratch)
        let host = try RunningHost(options, in: scratch)
        defer { host.stop() }
        host.process.signal(signal)
        #expect(host.process.wait() == .exited(0))
        #expect(outside.text("notes") == "started\nstopped\n")
    }

    @Test("Calls that were open are answered", arguments: ["echo_worker", "echo_pending"])
    func drains(_ tool: String) throws {
        let host = try RunningHost()
        defer { host.stop() }
        let body = #"{"milliseconds":1000}"#
        let idle = try host.connect()
        try idle.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
        _ = try idle.response()
        let open = try host.connect()
        try open.send(host.callHead(tool, "Content-Length: \(body.utf8.count)") + "\r\n" + body)
        // Answered on the same thread of the network, so the call has been read by then.
        let probe = try host.call("echo")
        #expect(probe.status == 200)
        host.process.signal(SIGTERM)
        let answer = try open.response()
        #expect(answer.status == 200)
        #expect(answer.text == body)
        #expect(try idle.isClosedByPeer())
        #expect(host.process.wait() == .exited(0))
    }

    @Test("A client that is still taking its answer gets all of it")
    func slowReader() throws {
        let size = 7 << 20
        let host = try RunningHost(
            HostOptions(environment: ["HTTP_MAX_BODY_BYTES": "\(8 << 20)", "TOOL_MAX_RESULT_CHARACTERS": "\(8 << 20)"]))
        defer { host.stop() }
        let body = #"{"text":"\#(String(repeating: "x", count: size))"}"#
        let slow = try host.connect()
        try slow.send(host.callHead("echo_worker", "Content-Length: \(body.utf8.count)") + "\r\n" + body)
        // More than the system takes at once, so that a part of the answer waits in the host.
        #expect(eventually { host.log.contains { $0["tool"] == "echo_worker" } })
        host.process.signal(SIGTERM)
        #expect(eventually { host.log.contains { $0["message"]?.string?.hasPrefix("stopping") == true } })
        let answer = try slow.response()
        #expect(answer.status == 200)
        #expect(answer.body.count == body.utf8.count)
        #expect(try slow.isClosedByPeer())
        #expect(host.process.wait() == .exited(0))
    }

    @Test("Neither a hanging call, nor a hanging cancel, nor a hanging stop keeps the process alive")
    func hangs() throws {
        let host = try RunningHost(
            HostOptions(
                packs: ["good", "hang_cancel", "hang_invoke", "hang_stop"],
                environment: ["HTTP_SHUTDOWN_TIMEOUT": "1s", "TOOL_START_TIMEOUT": "3s"]))
        defer { host.stop() }
        #expect(try host.call("hang_invoke").status == 504)
        #expect(try host.call("hang_cancel").status == 504)
        host.process.signal(SIGTERM)
        #expect(host.process.wait() == .exited(0))
    }

    @Test(
        "Whoever is cut off by a stop, its pack is told, and is stopped",
        arguments: ["rest", "modern", "legacy", "batch"])
    func told(_ way: String) throws {
        let scratch = try Scratch()
        let outside = try Scratch()
        let notes = outside.path + "/notes"
        let options = HostOptions(
            packs: ["stop"],
            policies: ["stop": "sandbox: {write: [\"\(outside.path)\"]}\nconfig: {path: \"\(notes)\"}"],
            environment: ["HTTP_SHUTDOWN_TIMEOUT": "1s", "TOOL_START_TIMEOUT": "20s"])
        try options.stage(in: scratch)
        let host = try RunningHost(options, in: scratch)
        defer { host.stop() }
        let client: RawConnection
        switch way {
        case "modern": client = try host.open(.call("stop_patient"))
        case "legacy": client = try host.open(.call("stop_patient", version: "2025-06-18"))
        case "batch":
            let marker = MCPPost.call("stop_marker", id: 2, version: "2025-03-26").message
            client = try host.open(
                .call("stop_patient", version: "2025-03-26").with { $0.message = .array([$0.message, marker]) })
        default:
            client = try host.connect()
            try client.send(host.callHead("stop_patient", "Content-Length: 2") + "\r\n{}")
        }
        #expect(eventually { outside.text("notes").hasSuffix("waiting\n") })
        host.process.signal(SIGTERM)
        #expect(host.process.wait() == .exited(0))
        #expect(outside.text("notes") == "started\nwaiting\ntold\nstopped\n")
        #expect(host.log.count { $0["tool"] == "stop_patient" } == 1)
        if way == "batch" { #expect(host.log.count { $0["tool"] == "stop_marker" } == 1) }
        #expect(try client.isClosedByPeer())
    }

    @Test("A client that never finishes its request is told so, and does not delay the stop until its limit")
    func slowClient() throws {
        let host = try RunningHost(
            HostOptions(environment: ["HTTP_SHUTDOWN_TIMEOUT": "10m", "HTTP_BODY_TIMEOUT": "10m"]))
        defer { host.stop() }
        let half = try host.connect()
        try half.send(host.callHead("echo", "Content-Length: 100") + "\r\n{")
        let nothing = try host.connect()
        #expect(try host.call("echo").status == 200)
        host.process.signal(SIGTERM)
        let answer = try half.response()
        #expect(answer.status == 503 && answer["Retry-After"] == "1" && answer["Connection"] == "close")
        // Its first request might be on its way.
        #expect([408, 503].contains(try nothing.response().status))
        #expect(host.process.wait() == .exited(0))
    }

    @Test("For a moment connections that ask nothing are answered, told that they end, and new ones are, too")
    func courtesy() throws {
        let host = try RunningHost()
        defer { host.stop() }
        let idle = try (1...8).map { _ in try host.connect() }
        for connection in idle {
            try connection.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try connection.response()["Connection"] == nil)
        }
        host.process.signal(SIGTERM)
        #expect(host.logLine { $0["message"]?.string?.hasPrefix("stopping") == true } != nil)
        for connection in idle.prefix(7) {
            try connection.send(host.callHead("echo", "Content-Length: 2") + "\r\n{}")
            let answer = try connection.response()
            #expect(answer.status == 200 && answer["Connection"] == "close")
            #expect(try connection.isClosedByPeer())
        }
        let new = try host.connect()
        try new.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
        let health = try new.response()
        #expect(health.status == 503 && health["Connection"] == "close")
        #expect(try idle[7].isClosedByPeer())
        #expect(host.process.wait() == .exited(0))
    }

    @Test("Clients that keep their connections lose no request to a stop", arguments: 1...Setup.rounds)
    func noneIsLost(_ round: Int) throws {
        let host = try RunningHost()
        defer { host.stop() }
        _ = try host.token()
        let lost = Mutex<[String]>([])
        let done = Mutex(0)
        DispatchQueue.concurrentPerform(iterations: 9) { index in
            if index == 0 {
                _ = eventually { done.withLock { $0 } > 200 }
                host.process.signal(SIGTERM)
                return
            }
            guard let connection = try? host.connect() else { return }
            do {
                while true {
                    try connection.send(host.callHead("echo", "Content-Length: 2") + "\r\n{}")
                    let answer = try connection.response()
                    done.withLock { $0 += 1 }
                    if answer.status != 200 { lost.withLock { $0.append("\(answer.status)") } }
                    if answer["Connection"] == "close" { return }
                }
            } catch {
                lost.withLock { $0.append("\(error)") }
            }
        }
        #expect(lost.withLock { $0 } == [])
        #expect(host.process.wait() == .exited(0))
    }

    @Test("Under load, every request that got an answer got a whole one")
    func underLoad() throws {
        let host = try RunningHost()
        defer { host.stop() }
        let torn = Mutex<[String]>([])
        let done = Mutex(0)
        DispatchQueue.concurrentPerform(iterations: 5) { index in
            if index == 0 {
                _ = eventually { done.withLock { $0 } > 50 }
                host.process.signal(SIGTERM)
                return
            }
            while true {
                do {
                    let answer = try host.call("echo_worker", #"{"index":\#(index)}"#)
                    if answer.status == 200 && answer.text != #"{"index":\#(index)}"# || answer.status == 500 {
                        torn.withLock { $0.append("\(answer.status) \(answer.text)") }
                    }
                    done.withLock { $0 += 1 }
                } catch {
                    return  // nothing listens any more
                }
            }
        }
        #expect(torn.withLock { $0 } == [])
        #expect(host.process.wait() == .exited(0))
    }
}
