// What `toolhost doctor` makes of the numbers that a running host tells.

import NIOCore
import Testing

@testable import HostApp
@testable import HostOutbound
@testable import HostService

@Suite struct HostCheckupTests {
    private func lines(
        _ body: String, host: String = "127.0.0.1", port: Int = 3001, status: Int = 200
    ) -> [Checkup.Line] {
        HostCheckup(host: host, port: port) { request in
            #expect("\(request.url)".hasSuffix(":3001/health"))
            return WireReply(status: status, fields: [], body: ByteBuffer(string: body))
        }.checkup.lines
    }

    @Test func aHostThatIsWellIsOneLine() {
        let lines = lines(#"{"status":"ok","version":"1","packs":4,"tools":6,"refused":0}"#)
        #expect(lines.map(\.verdict) == [.good])
        #expect(lines.first?.detail == "http://127.0.0.1:3001/health says \"ok\", with 4 packs and 6 tools")
    }

    @Test func eachCountIsExplained() {
        let body = #"""
            {"status":"degraded","packs":4,"tools":6,"refused":1,"waiting_packs":2,"ailing_packs":3,"issuers":5,
             "ailing_issuers":4}
            """#
        let lines = lines(body)
        #expect(lines.allSatisfy { $0.verdict == .notice } && lines.count == 5)
        let waiting = "packs wait for a backend: 2; its log names them at `a backend is down`"
        #expect(lines.contains { $0.detail == waiting })
        #expect(lines.contains { $0.detail.contains("fail again and again: 3") })
        #expect(lines.contains { $0.detail.contains("keys are old or missing: 4") })
    }

    @Test func aHostThatIsNotReadyIsAProblem() {
        let lines = lines(#"{"status":"stopping","packs":4,"tools":6,"refused":0}"#, status: 503)
        #expect(lines.map(\.verdict) == [.bad])
    }

    @Test(arguments: [(200, "<html>"), (404, "{}"), (200, "{}"), (500, #"{"status":"ok","tools":1}"#)])
    func whatIsNoHostIsNotTakenForOne(status: Int, body: String) {
        #expect(lines(body, status: status).map(\.verdict) == [.open])
    }

    @Test(arguments: [("0.0.0.0", "http://127.0.0.1:3001/health"), ("::", "http://[::1]:3001/health")])
    func aHostThatListensEverywhereIsReachedHere(host: String, url: String) {
        let lines = lines(#"{"status":"ok","packs":4,"tools":6}"#, host: host)
        #expect(lines.first?.detail.hasPrefix(url) == true)
    }

    @Test func nobodyThereIsNoVerdict() {
        let none = HostCheckup(host: "localhost", port: 3001) { _ in throw WireFault.neverSent("refused") }
        #expect(none.checkup.lines.map(\.verdict) == [.open])
        let unknown = HostCheckup(host: "localhost", port: 0) { _ in throw WireFault.neverSent("it was asked") }
        #expect(unknown.checkup.lines.map(\.verdict) == [.open])
    }

    @Test func everyTroubleThatHealthCountsIsExplained() {
        let explained = Set(HostCheckup.counts.map(\.name))
        #expect(explained.isSuperset(of: Health().troubles.map(\.name)))
        #expect(explained.contains("stuck_loops"))
    }
}
