// When a pack whose process ended is started again, when it is given up, and what calls do meanwhile.

import NIOCore
import Testing

@testable import HostBase
@testable import HostCalls

@Suite struct RestartPolicyTests {
    private static let usual = RestartSettings(
        delays: [.zero, .seconds(1), .seconds(5), .seconds(30), .seconds(60)], limit: 5)
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)
    private let date = NumericDate(seconds: 1_700_000_000)

    private func policy(_ delays: [TimeAmount] = usual.delays, limit: Int? = 5) -> RestartPolicy {
        RestartPolicy(RestartSettings(delays: delays, limit: limit), at: start)
    }

    private func running(_ settings: RestartSettings = usual) -> RestartPolicy {
        var policy = RestartPolicy(settings, at: start)
        #expect(policy.begins() == true)
        policy.becameHealthy(at: start)
        return policy
    }

    /// What comes of each event: `e` an end, `E` an end that is told twice; `b` a start begins, `h` it is healthy;
    /// `x` it is replaced, and has ten seconds for its calls; `r` restarted by hand, `R` with ten seconds for its
    /// calls, `g` it is gone as was asked for; `s` the host stops; `.` a second passes, `m` a minute. Of an end and of
    /// `r`, `R` and `g` it is told after how many seconds to start, or `never`; of `b`, which must be right, nothing
    /// unless it is refused.
    @Test(arguments: [
        // One delay after the other, and the fifth failure is the last.
        ("bebebebebeb", "0 1 5 30 never -"), ("bhebhebhebhebhe", "0 1 5 30 never"),
        // A minute of health ends the row, a second less does not.
        ("bhe bhe bhme", "0 1 0"), ("bhebhebh...e", "0 1 5"), ("be bm e", "0 1"),
        // Told twice, it counts once; a start that has not begun cannot end.
        ("bEEbE", "0 0 1"), ("b e...e", "0 -3"), ("e", "0"),
        // By hand: at once, and the row begins anew, also after it was given up.
        ("bebebrbe", "0 1 0 0"), ("bebebebebe r b h e", "0 1 5 30 never 0 0"), ("bhr e bhe", "0 0 0"),
        // What runs is waited for, and the next one comes as soon as that is gone, however it ended.
        ("bhRgbhe", "10 0 0"), ("bhR.gb", "10 0"), ("bhRb", "10 -"), ("bhR.ebhe", "10 0 0"),
        ("bebebRgbe", "0 1 10 0 0"), ("bhRsgb", "10 never -"), ("bhRseb", "10 never -"), ("bhRge", "10 0 0"),
        // What is replaced since a call is stuck ends as a failure, or as somebody wants it meanwhile.
        ("bhxe bhx.e bhe", "0 1 5"), ("bhxR.g bhe", "10 0 0"), ("bhxmebhe", "0 1"), ("bhxb", "-"), ("bx h e", "0"),
        ("bhxse", "never"),
        // Nobody asked for it.
        ("bhgb", "never -"), ("bhegb", "0 0"),
        // Nothing comes after the host's stop.
        ("bh s e r b h", "never never -"), ("b e s b", "0 -"),
        // Nothing begins twice, nor without a reason.
        ("bb", "-"), ("bhb", "-"), ("brbb", "0 -"),
    ])
    func decisions(_ events: String, _ told: String) {
        var policy = policy()
        var now = start
        var words: [String] = []
        func tell(_ decision: RestartPolicy.Decision) {
            switch decision {
            case .never: words.append("never")
            case .start(let due): words.append("\((due - now).nanoseconds / 1_000_000_000)")
            }
        }
        for event in events {
            switch event {
            case "b": if !policy.begins() { words.append("-") }
            case "h": policy.becameHealthy(at: now)
            case "e": tell(policy.ended(because: "it did", at: now, on: date))
            case "E":
                let first = policy.ended(because: "it did", at: now, on: date)
                #expect(policy.ended(because: "it did", at: now, on: date) == first)
                tell(first)
            case "r": tell(policy.restartedByHand(at: now, on: date))
            case "R": tell(policy.restartedByHand(at: now, on: date, emptyBy: now + .seconds(10)))
            case "g": tell(policy.hasEmptied(at: now) ?? .never)
            case "x": policy.replaces(until: now + .seconds(10))
            case "s": policy.hostStops()
            case ".": now = now + .seconds(1)
            case "m": now = now + .minutes(1)
            default: break
            }
        }
        #expect(words.joined(separator: " ") == told)
    }

    @Test func healthIsAWholeMinute() {
        for (time, second) in [(RestartPolicy.health - .nanoseconds(1), Int64(1)), (RestartPolicy.health, 0)] {
            var policy = running()
            _ = policy.ended(because: "", at: start, on: date)
            _ = policy.begins()
            policy.becameHealthy(at: start)
            let end = start + time
            #expect(policy.ended(because: "", at: end, on: date) == .start(at: end + .seconds(second)))
        }
    }

    @Test func theLastDelayRepeatsAndNoLimitIsNoLimit() {
        var policy = policy([.zero, .seconds(2)], limit: nil)
        let delays = (0..<100).map { _ -> RestartPolicy.Decision in
            _ = policy.begins()
            return policy.ended(because: "", at: start, on: date)
        }
        #expect(delays == [.start(at: start)] + Array(repeating: .start(at: start + .seconds(2)), count: 99))
        #expect(policy.restarts == 99)
    }

    @Test func startsThatFailAreTriedOnceASecondAtMost() {
        var policy = policy([.zero], limit: nil)
        let delays = (0..<5).map { _ -> RestartPolicy.Decision in
            _ = policy.begins()
            return policy.ended(because: "", at: start, on: date)
        }
        #expect(delays == [.zero, .zero, .zero, .seconds(1), .seconds(1)].map { .start(at: start + $0) })
        _ = policy.begins()
        policy.becameHealthy(at: start)
        let next = policy.ended(because: "", at: start, on: date)
        #expect(next == .start(at: start))
    }

    @Test func whatTheHostLacksIsNoFailure() {
        var policy = policy([.zero], limit: 2)
        for _ in 0..<5 {
            let (begins, next) = (policy.begins(), policy.lacked(because: "no memory", at: start, on: date))
            #expect(begins && next == .start(at: start + .seconds(1)))
        }
        #expect(policy.events.map(\.reason) == Array(repeating: "no memory", count: 5))
        _ = policy.begins()
        let next = policy.ended(because: "", at: start, on: date)
        #expect(next == .start(at: start))
    }

    @Test func aLimitOfOneGivesUpAtOnce() {
        var policy = running(RestartSettings(delays: [.zero], limit: 1))
        #expect(policy.ended(because: "", at: start, on: date) == .never)
        #expect(policy.phase == .failed && policy.nextStart == nil)
    }

    @Test func theLatestTenAreRemembered() {
        var policy = policy(limit: nil)
        for number in 1...12 {
            _ = policy.begins()
            _ = policy.ended(because: "reason \(number)", at: start, on: date + Double(number))
        }
        _ = policy.restartedByHand(at: start, on: date + 20)
        #expect(policy.events.map(\.reason) == (4...12).map { "reason \($0)" } + ["restarted by hand"])
        #expect(policy.events.last?.date == date + 20)
        #expect(policy.restarts == 11)
    }

    @Test func theNextStartIsTold() {
        var policy = policy()
        #expect(policy.nextStart == start)
        _ = policy.begins()
        #expect(policy.nextStart == nil && policy.phase == .starting)
        policy.becameHealthy(at: start)
        #expect(policy.nextStart == nil && policy.phase == .running(since: start))
        for _ in 0..<2 {
            _ = policy.ended(because: "", at: start, on: date)
            _ = policy.begins()
        }
        _ = policy.ended(because: "", at: start, on: date)
        #expect(policy.nextStart == start + .seconds(5))
        #expect(policy.phase == .waiting(until: start + .seconds(5)))
    }

    /// A call comes `arrival` milliseconds after the end, and asks at `now`; the next start is due after `delay`.
    @Test(arguments: [
        // It waits a second where the start is due within that.
        (0, 0, 0, RestartPolicy.Admission.wait(until: .uptimeNanoseconds(2_000_000_000))),
        (1000, 0, 0, .wait(until: .uptimeNanoseconds(2_000_000_000))),
        (1001, 0, 0, .refuse(retryAfter: .milliseconds(1001))),
        (1001, 1, 1, .wait(until: .uptimeNanoseconds(2_001_000_000))),
        (30_000, 0, 0, .refuse(retryAfter: .seconds(30))),
        (30_000, 28_500, 28_500, .refuse(retryAfter: .milliseconds(1500))),
        (30_000, 29_000, 29_000, .wait(until: .uptimeNanoseconds(31_000_000_000))),
        // One that is overdue is waited for, too; nobody waits twice.
        (0, 5000, 5000, .wait(until: .uptimeNanoseconds(7_000_000_000))),
        (0, 0, 999, .wait(until: .uptimeNanoseconds(2_000_000_000))),
        (0, 0, 1000, .refuse(retryAfter: .seconds(1))), (5000, 4500, 5500, .refuse(retryAfter: .seconds(1))),
    ])
    func callsWaitOrAreRefused(delay: Int64, arrival: Int64, now: Int64, admission: RestartPolicy.Admission) {
        var policy = running(RestartSettings(delays: [.milliseconds(delay)], limit: nil))
        _ = policy.ended(because: "", at: start, on: date)
        #expect(
            policy.admission(at: start + .milliseconds(now), since: start + .milliseconds(arrival)) == admission)
    }

    /// A call comes and asks so many milliseconds after somebody wanted another process; the one that runs has ten
    /// seconds.
    @Test(arguments: [
        (0, 0, RestartPolicy.Admission.wait(until: .uptimeNanoseconds(2_000_000_000))),
        (0, 999, .wait(until: .uptimeNanoseconds(2_000_000_000))), (0, 1000, .refuse(retryAfter: .seconds(9))),
        (8500, 8500, .wait(until: .uptimeNanoseconds(10_500_000_000))), (8500, 9500, .refuse(retryAfter: .seconds(1))),
        (12_000, 13_000, .refuse(retryAfter: .seconds(1))),
    ])
    func callsWaitForWhatRuns(arrival: Int64, now: Int64, admission: RestartPolicy.Admission) {
        var policy = running()
        _ = policy.restartedByHand(at: start, on: date, emptyBy: start + .seconds(10))
        var stuck = running()
        stuck.replaces(until: start + .seconds(10))
        for policy in [policy, stuck] {
            #expect(policy.nextStart == nil)
            #expect(
                policy.admission(at: start + .milliseconds(now), since: start + .milliseconds(arrival)) == admission)
        }
    }

    @Test func callsGoByThePhase() {
        var policy = running(RestartSettings(delays: [.zero], limit: 2))
        #expect(policy.admission(at: start, since: start) == .enter)
        // It has just ended, and nobody has said so yet.
        #expect(
            policy.admission(at: start, since: start, isThere: false) == .wait(until: start + .seconds(1)))
        _ = policy.ended(because: "", at: start, on: date)
        _ = policy.begins()
        let end = start + .seconds(1)
        #expect(policy.admission(at: start, since: start) == .wait(until: end))
        #expect(policy.admission(at: end, since: start) == .refuse(retryAfter: .seconds(1)))
        _ = policy.ended(because: "", at: start, on: date)
        #expect(policy.admission(at: start, since: start) == .failed)
        policy.hostStops()
        #expect(policy.admission(at: start, since: start) == .stopped)
    }
}
