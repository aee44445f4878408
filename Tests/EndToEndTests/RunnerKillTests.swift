// kill -9 of packs' processes at random moments under load: others lose no call, nobody is answered twice, and every
// order that was acknowledged is there once.

import Glibc
import JSON
import Synchronization
import Testing

@Suite("Runners killed") struct RunnerKillTests {
    private static let kills = Setup.kills ?? 300 * Setup.rounds
    private static let victims = ["cart", "checkout", "good"]
    /// What a caller of a pack may get whose process is killed again and again.
    private static let expected: Set = ["pack_crashed", "pack_restarting"]
    private static let stock: Int64 = 1_000_000

    /// What callers saw.
    private struct Seen {
        var answers = 0
        var failures: [String: Int] = [:]
        var surprises: [String] = []
    }

    /// What the threads of a test have in common.
    private final class Course: Sendable {
        let isOver = Atomic(false)
        let ledger = OrderLedger()
        let victims = Mutex(Seen())
        let others = Mutex(Seen())
    }

    @Test("300 kills or more of three packs under load")
    func kills() throws {
        let scratch = try Scratch()
        let options = HostOptions(
            packs: PackSource.shop + ["good", "progress"],
            policies: ["catalog": "config: {products: \"\(scratch.path)/products.jsonl\"}"],
            environment: ["PACK_RESTART_DELAYS": "0", "PACK_RESTART_LIMIT": "off"], isolation: .process)
        try options.stage(in: scratch)
        try scratch.write(
            #"{"code":"kill-001","name":"Bread","category":"bakery","description":"A loaf.","price":1.25,"#
                + "\"stock\":\(Self.stock)}\n", to: "products.jsonl")
        try RunningHost.with(options, in: scratch) { host throws in
            let course = Course()
            let shoppers = (0..<2).map { OrderingShopper("shopper-\($0)", course.ledger, expected: Self.expected) }
            atOnce(7) { index in
                switch index {
                case 0:
                    killAll(host)
                    course.isOver.store(true, ordering: .relaxed)
                case 1, 2: shoppers[index - 1].shop(at: host) { course.isOver.load(ordering: .relaxed) }
                case 3, 4: call("echo_worker", number: index, host, course, course.victims)
                case 5: call("echo_pending", number: index, host, course, course.victims)
                default: call("progress", number: index, host, course, course.others)
                }
            }
            let (lost, seen) = (course.others.withLock(\.self), course.victims.withLock(\.self))
            #expect(lost.surprises == [] && lost.failures == [:] && lost.answers > 0)
            #expect(seen.surprises == [] && seen.answers > 0)
            #expect(Set(seen.failures.keys).isSubset(of: Self.expected), "\(seen.failures)")
            #expect(seen.failures["pack_crashed"] ?? 0 > 0, "no call was open at a kill")
            #expect(course.ledger.surprises == [])
            #expect(course.ledger.orders.count > Self.kills / 20, "hardly anything was ordered")
            #expect(host.stop() == .exited(0))
            try course.ledger.reckon(database: host.state + "/storefront/storefront.db", stock: Self.stock)
            print("Killed \(Self.kills) times: \(course.ledger.orders.count) orders, each there once; \(seen); \(lost)")
        }
    }

    private func killAll(_ host: RunningHost) {
        var last: [String: pid_t] = [:]
        for count in 1...Self.kills {
            let victim = Self.victims.randomElement() ?? "good"
            var process: pid_t?
            let isThere = eventually {
                process = host.runner(victim)
                return process != nil && process != last[victim]
            }
            guard isThere, let process else {
                Issue.record("\(victim) does not come back after kill \(count): \(host.log.suffix(4))")
                return
            }
            usleep(UInt32.random(in: 0...100_000))  // the random moment
            kill(process, SIGKILL)
            last[victim] = process
            // Nobody can know that it was none of the tools.
            if count % 3 == 0 { _ = try? host.toolhost(["pack", "restart", victim]) }
        }
    }

    /// Calls on one connection, each with a number of its own: an answer too many shows as that of another call.
    private func call(
        _ tool: String, number: Int, _ host: RunningHost, _ course: Course, _ seen: borrowing Mutex<Seen>
    ) {
        do {
            let connection = try host.connect()
            var count = 0
            while !course.isOver.load(ordering: .relaxed) {
                count += 1
                let times = count % 90 + 10
                let body = #"{"caller":\#(number),"count":\#(count),"times":\#(times),"milliseconds":\#(count % 3)}"#
                try connection.send(host.callHead(tool, "Content-Length: \(body.utf8.count)") + "\r\n" + body)
                let answer = try connection.response()
                seen.withLock { seen in
                    if answer.text == body || answer.text == #"{"taken":\#(times)}"# {
                        seen.answers += 1
                    } else if answer.status >= 502, let code = answer.problem?["code"]?.string {
                        seen.failures[code, default: 0] += 1
                    } else {
                        seen.surprises.append("\(tool): \(answer.status) \(answer.text)")
                    }
                }
            }
        } catch {
            seen.withLock { $0.surprises.append("\(tool): \(error)") }
        }
    }
}
