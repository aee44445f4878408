// A pack that fills whatever memory it shares with the host with nonsense: it ends itself, and nobody else.

import Glibc
import JSON
import Synchronization
import Testing

@Suite("Hostile memory") struct HostileMemoryTests {
    /// It has so many lives, and goes on for at least so long.
    private static let lives = 20 * Setup.rounds
    private static let time = Duration.seconds(Setup.scribbling ?? 0)

    /// What the threads of the test have in common.
    private final class Course: Sendable {
        let isOver = Atomic(false)
        let answers = Atomic(0)
        let surprises = Mutex<[String]>([])

        func surprise(_ text: String) { surprises.withLock { $0.append(text) } }
    }

    @Test("Again and again it is ended and replaced; the host stays, and the others lose no call")
    func scribble() throws {
        let options = HostOptions(
            packs: ["good", "hostile"], policies: ["hostile": "config: {how: scribble}"],
            environment: ["PACK_RESTART_DELAYS": "0", "PACK_RESTART_LIMIT": "off"], isolation: .process)
        try RunningHost.with(options) { host throws in
            let course = Course()
            atOnce(4) { index in
                do {
                    if index == 0 {
                        watch(host)
                        course.isOver.store(true, ordering: .relaxed)
                    }
                    while !course.isOver.load(ordering: .relaxed) {
                        if index == 1 { try provoke(host, course) } else { try call(index, host, course) }
                    }
                } catch {
                    course.surprise("\(index): \(error)")
                }
            }
            #expect(course.surprises.withLock(\.self) == [])
            #expect(course.answers.load(ordering: .relaxed) > 0)
            #expect(host.stop() == .exited(0))
        }
    }

    /// Returns after so many lives and so long a time.
    private func watch(_ host: RunningHost) {
        let end = ContinuousClock.now + Self.time
        var last: pid_t?
        var life = 0
        while life < Self.lives || ContinuousClock.now < end {
            life += 1
            var process: pid_t?
            let isNew = eventually(within: .seconds(60)) {
                process = host.runner("hostile")
                return process != nil && process != last
            }
            guard isNew else {
                Issue.record("life \(life) does not end: \(host.log.suffix(4))")
                return
            }
            last = process
        }
        print("Written over by \(life) processes")
    }

    /// One call of another pack, which is answered as it should be.
    private func call(_ index: Int, _ host: RunningHost, _ course: Course) throws {
        let text = #"{"index":\#(index)}"#
        let answer = try host.call(index == 2 ? "echo_worker" : "echo_pending", text)
        if answer.text != text { course.surprise(answer.text) }
        course.answers.add(1, ordering: .relaxed)
    }

    /// One call of the pack itself: whatever comes of it, it is answered.
    private func provoke(_ host: RunningHost, _ course: Course) throws {
        let answer = try host.call("hostile_late")
        if ![200, 500, 502, 503, 504].contains(answer.status) { course.surprise(answer.text) }
        if answer.problem?["code"]?.string == "tool_quarantined" {
            // So that there are calls in the lives that follow, too.
            _ = try host.toolhost(["pack", "restart", "hostile"])
        }
    }
}
