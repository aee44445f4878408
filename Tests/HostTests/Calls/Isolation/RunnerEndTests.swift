// How the end of a pack's process reads: in one line of the log, and in the words that `status` has.

import Glibc
import NIOCore
import Testing

@testable import HostBase
@testable import HostCalls
@testable import HostSandbox

@Suite struct RunnerEndTests {
    @Test(arguments: [
        (RunnerEnd.Way.exited(3), RunnerEnd.Cause?.none, "ended itself with exit code 3"),
        (.exited(0), nil, "ended itself with exit code 0"),
        (.signalled(SIGSEGV, hasCore: false), nil, "ended by SIGSEGV"),
        (.signalled(SIGTERM, hasCore: false), nil, "ended by SIGTERM, which somebody sent"),
        (.signalled(SIGABRT, hasCore: true), nil, "ended by SIGABRT and left a core dump"),
        (
            .signalled(SIGKILL, hasCore: false), nil,
            "was killed by SIGKILL, which somebody sent, or the system for want of memory"
        ),
        (.signalled(SIGKILL, hasCore: false), .stuck, "was killed: a call went on long after its deadline"),
        (.signalled(SIGKILL, hasCore: false), .stopped(by: SIGSTOP), "was killed: SIGSTOP had stopped it"),
        (
            .signalled(SIGKILL, hasCore: false), .nonsense("a ring's index"),
            "was killed: what it told the host made no sense (a ring's index)"
        ),
        (
            .signalled(SIGKILL, hasCore: false),
            .overLimit(PackOverrun(.threads, bound: 40, seen: 41, policyFile: "orders.yaml")),
            "was killed: it had 41 threads and may have 40; `threads: 80` in orders.yaml, or PACK_THREADS, allows it "
                + "more"
        ),
        (.exited(0), .startFailed("no store today"), "its start failed: no store today"),
        (.signalled(SIGSEGV, hasCore: false), .undescribed, "ended by SIGSEGV before it had described its pack"),
        (.unknown, .notStarted("it could not be started: no"), "it could not be started: no"),
        (
            .signalled(SIGKILL, hasCore: false), .slowStart,
            "was killed: its start did not end in time (TOOL_START_TIMEOUT)"
        ),
        (.exited(0), .asked, "was ended by the host, as it was asked to"),
        (.unknown, nil, "ended, and how is not known"),
    ])
    func words(way: RunnerEnd.Way, cause: RunnerEnd.Cause?, text: String) {
        #expect(RunnerEnd(way: way, cause: cause, uptime: .zero).reason == text)
    }

    /// Of such an end no tool was the cause.
    @Test(arguments: [
        (RunnerEnd.Way.signalled(SIGKILL, hasCore: false), RunnerEnd.Cause?.none, true),
        (.signalled(SIGTERM, hasCore: false), nil, true),
        // These come from inside, whoever else may send them.
        (.signalled(SIGSEGV, hasCore: false), nil, false), (.signalled(SIGABRT, hasCore: true), nil, false),
        (.signalled(SIGALRM, hasCore: false), nil, false), (.signalled(SIGHUP, hasCore: false), nil, false),
        (.exited(SIGKILL), nil, false), (.unknown, nil, false),
        // The host sent it.
        (.signalled(SIGKILL, hasCore: false), .stuck, false),
        (.signalled(SIGKILL, hasCore: false), .stopped(by: SIGSTOP), false),
        (.signalled(SIGKILL, hasCore: false), .nonsense("a ring's index"), false),
        (.signalled(SIGKILL, hasCore: false), .asked, false),
        (
            .signalled(SIGKILL, hasCore: false),
            .overLimit(PackOverrun(.memory, bound: 1, seen: 2, policyFile: "orders.yaml")), false
        ),
    ])
    func outside(way: RunnerEnd.Way, cause: RunnerEnd.Cause?, isFromOutside: Bool) {
        #expect(RunnerEnd(way: way, cause: cause, uptime: .zero).isFromOutside == isFromOutside)
    }

    private let now = NIODeadline.uptimeNanoseconds(1_000_000_000)

    private func line(_ end: RunnerEnd, _ next: RestartPolicy.Decision?) -> [String] {
        let lines = CollectedLines()
        PackLog(packID: "orders", logger: lines.logger).ended(end, next: next, at: now)
        return lines.all
    }

    @Test func oneLineSaysAll() {
        let end = RunnerEnd(
            way: .signalled(SIGSEGV, hasCore: false), tool: "cancel_order", requestIDs: ["r-1", "r-2"],
            process: 4711, uptime: .milliseconds(61_500), lastWords: "/var/words/orders.log")
        #expect(
            line(end, .start(at: now + .seconds(5))) == [
                "error: the process of a pack ended last_words=/var/words/orders.log pid=4711 reason=it ended by SIGSEGV "
                    + "requests=r-1, r-2 restart=in 5s signal=SIGSEGV tool=cancel_order uptime_ms=61500"
            ])
    }

    @Test func theBoundIsNamed() {
        let overrun = PackOverrun(.memory, bound: 1 << 30, seen: 1100 << 20, policyFile: "orders.yaml")
        let end = RunnerEnd(way: .signalled(SIGKILL, hasCore: false), cause: .overLimit(overrun), uptime: .zero)
        #expect(
            line(end, .start(at: now)) == [
                "error: the process of a pack ended limit=memory reason=it was killed: it held 1100MiB of memory and may "
                    + "hold 1GiB; `memory: 2GiB` in orders.yaml, or PACK_MEMORY, allows it more restart=at once "
                    + "signal=SIGKILL uptime_ms=0"
            ])
    }

    @Test func whatIsNotKnownIsLeftOut() {
        #expect(
            line(RunnerEnd(way: .exited(1), uptime: .zero), .start(at: now)) == [
                "error: the process of a pack ended exit_code=1 reason=it ended itself with exit code 1 "
                    + "restart=at once uptime_ms=0"
            ])
        #expect(
            line(RunnerEnd(way: .unknown, uptime: .zero), .never) == [
                "error: the process of a pack ended reason=it ended, and how is not known restart=never uptime_ms=0"
            ])
        #expect(
            line(RunnerEnd(way: .exited(0), cause: .asked, uptime: .zero), nil) == [
                "notice: the process of a pack ended exit_code=0 reason=it was ended by the host, as it was asked to "
                    + "uptime_ms=0"
            ])
    }

    @Test func requestsAreBounded() throws {
        let ids = (1...20).map { "r-\($0)" }
        for (count, suffix) in [(16, "r-16"), (17, "r-16 and 1 more"), (20, "r-16 and 4 more")] {
            let end = RunnerEnd(way: .unknown, requestIDs: Array(ids.prefix(count)), uptime: .zero)
            let requests = try #require(end.metadata["requests"])
            #expect("\(requests)".hasSuffix("r-15, \(suffix)"))
        }
    }

    /// What else the log says of it, each to be found by its words in docs/operating.md.
    @Test func theOtherLines() {
        let lines = CollectedLines()
        let log = PackLog(packID: "orders", logger: lines.logger)
        log.runsAgain(restarts: 2, process: 4711)
        log.givenUp()
        log.quarantined("cancel_order", by: RunnerEnd(way: .exited(3), uptime: .zero))
        let overrun = PackOverrun(.memory, bound: 1 << 30, seen: (1 << 30) + 1, policyFile: "orders.yaml")
        log.quarantined("export", by: RunnerEnd(way: .exited(3), cause: .overLimit(overrun), uptime: .zero))
        log.freed("cancel_order", because: "a call succeeded")
        #expect(
            lines.all == [
                "notice: a pack runs again pid=4711 restarts=2",
                "error: a pack failed again and again and is not started any more; its calls are refused "
                    + "advice=toolhost pack restart orders starts it again as it is; a replaced file needs a restart of "
                    + "the host key=PACK_RESTART_LIMIT",
                "error: a tool brought its pack down again and again, and its calls are refused for a while "
                    + "advice=turn the tool off until its authors have mended it pause=600s "
                    + "reason=it ended itself with exit code 3 tool=cancel_order",
                "error: a tool brought its pack down again and again, and its calls are refused for a while "
                    + "advice=raise the bound as the reason says, or turn the tool off until its authors have mended it "
                    + "pause=600s reason=it was killed: it held 1025MiB of memory and may hold 1GiB; `memory: 2GiB` in "
                    + "orders.yaml, or PACK_MEMORY, allows it more tool=export",
                "notice: the calls of a tool that brought its pack down are let in reason=a call succeeded "
                    + "tool=cancel_order",
            ])
    }
}
