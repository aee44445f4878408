// Lines of the log in both forms: what stands in them, and what cannot get into them.

import Glibc
import JSON
import Logging
import Testing

@testable import HostBase

@Suite struct LogLineTests {
    private let time = Timestamp(seconds: 1_769_903_999, milliseconds: 7)

    private func text(_ form: LogLine.Form, _ message: String, _ fill: (inout LogLine) -> Void) -> String {
        var line = LogLine(form, .notice, message, at: time)
        fill(&line)
        return String(decoding: line.finish(), as: UTF8.self)
    }

    @Test func saysTheSameInBothForms() {
        let fill = { (line: inout LogLine) in
            line.add("address", "127.0.0.1")
            line.add("ms", 1_000_207, decimals: 3)
            line.add("port", metadata: .string("80"))
            line.add("status", 200)
            line.add("tools", metadata: .array(["a", "b"]))
        }
        #expect(
            text(.json, "call", fill)
                == #"{"time":"2026-01-31T23:59:59.007Z","level":"notice","message":"call","address":"127.0.0.1","#
                + #""ms":1000.207,"port":80,"status":200,"tools":["a","b"]}"# + "\n")
        #expect(
            text(.text, "call", fill)
                == "2026-01-31T23:59:59.007Z notice call address=127.0.0.1 ms=1000.207 port=80 status=200 "
                + "tools=[\"a\", \"b\"]\n")
    }

    @Test func noValueLooksLikeAnotherLine() throws {
        let hostile = "a\n{\"level\":\"error\"}\u{1B}[2J\u{7F}"
        #expect(text(.text, "request") { $0.add("path", hostile) }.hasSuffix(" path=a?{\"level\":\"error\"}?[2J?\n"))
        let line = text(.json, "request") { $0.add("path", hostile) }
        #expect(line.utf8.count { $0 == UInt8(ascii: "\n") } == 1)
        #expect(try JSONValue(parsing: line)["path"]?.string == hostile)
    }

    /// What goes through swift-log and what goes past it must not be told apart.
    @Test func theHandlerWritesBothWaysAlike() throws {
        var ends: [Int32] = [0, 0]
        let opened = unsafe pipe(&ends)
        try #require(opened == 0)
        let handler = LineLogHandler(form: .json, level: .info, output: LineOutput(descriptor: ends[1]))
        Logger(label: "test") { _ in handler }.info("call", metadata: ["tool": "t", "ms": "0.250", "status": "200"])
        handler.log(.info, "call") { line in
            line.add("ms", 250, decimals: 3)
            line.add("status", 200)
            line.add("tool", "t")
        }
        handler.log(.debug, "never") { _ in Issue.record("a line below the level was put together") }
        close(ends[1])
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = unsafe read(ends[0], &bytes, bytes.count)
        close(ends[0])
        let lines = String(decoding: bytes.prefix(count), as: UTF8.self).split(separator: "\n")
        let times = lines.compactMap { try? JSONValue(parsing: String($0))["time"]?.string }
        try #require(lines.count == 2 && times.count == 2)
        #expect(lines[0].dropFirst(times[0].utf8.count + 9) == lines[1].dropFirst(times[1].utf8.count + 9))
        #expect(lines[0].hasSuffix(#""message":"call","ms":0.250,"status":200,"tool":"t"}"#))
    }
}
