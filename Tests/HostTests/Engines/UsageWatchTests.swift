// When a pack's process is looked at, and what is beyond a bound.

import HostSandbox
import NIOCore
import Testing

@testable import HostEngines

@Suite struct UsageWatchTests {
    private static let start = NIODeadline.uptimeNanoseconds(1_000_000_000)
    private static let mebibyte = 1 << 20

    /// MiB, threads, and milliseconds since the start.
    private func watch(_ looks: [(Int, Int, Int64)], memory: Int? = 1000, threads: Int? = 100) -> UsageWatch {
        var watch = UsageWatch(
            PackLimits(
                memory: memory.map { $0 * Self.mebibyte }, threads: threads, openFiles: 64, fileSize: nil,
                keepsCoreDumps: false), policyFile: "x.yaml", at: Self.start)
        for (memory, threads, time) in looks {
            watch.saw(
                PackUsage(memory: memory * Self.mebibyte, threads: threads), at: Self.start + .milliseconds(time))
        }
        return watch
    }

    @Test func theBoundItselfIsAllowed() {
        #expect(watch([(1000, 100, 0)]).overrun == nil)
        #expect(
            watch([(1001, 100, 0)]).overrun
                == PackOverrun(.memory, bound: 1000 << 20, seen: 1001 << 20, policyFile: "x.yaml"))
        #expect(watch([(1000, 101, 0)]).overrun == PackOverrun(.threads, bound: 100, seen: 101, policyFile: "x.yaml"))
        #expect(watch([(1 << 20, 1 << 20, 0)], memory: nil, threads: nil).overrun == nil)
    }

    /// What it was ended for is what is told, whatever it has after that.
    @Test func theFirstOverrunCounts() {
        #expect(watch([(10, 200, 0), (2000, 300, 5), (1, 1, 10)]).overrun?.seen == 200)
    }

    @Test(
        arguments: [
            // It does not grow, or there is nothing to grow to.
            ([(500, 5, 0), (500, 5, 100)], 100), ([(990, 5, 0), (980, 5, 100)], 100),
            ([(10, 5, 0), (20, 5, 100)], 100),
            // A second and more to the bound, and less.
            ([(0, 5, 0), (100, 5, 100)], 100), ([(700, 5, 0), (800, 5, 100)], 100), ([(800, 5, 0), (900, 5, 100)], 50),
            ([(880, 5, 0), (920, 5, 20)], 20), ([(900, 5, 0), (990, 5, 10)], 5), ([(900, 5, 0), (1000, 5, 10)], 5),
            // Threads, too, and whichever comes first.
            ([(10, 20, 0), (10, 60, 100)], 50), ([(800, 20, 0), (900, 90, 100)], 7),
            ([(940, 20, 0), (980, 60, 100)], 25),
        ] as [([(Int, Int, Int64)], Int32)])
    func theFasterTheSooner(looks: [(Int, Int, Int64)], milliseconds: Int32) throws {
        let last = Self.start + .milliseconds(try #require(looks.last).2)
        let watch = watch(looks)
        // Whole milliseconds, the next one where there is a rest.
        #expect(abs(watch.wait(at: last) - milliseconds) <= 1, "\(watch.wait(at: last))")
        #expect(watch.wait(at: watch.due) == 0 && watch.wait(at: watch.due + .seconds(1)) == 0)
    }

    @Test func whatItWatchesIsBoundedByItsOpenFiles() {
        var watch = watch([(10, 5, 0)])
        watch.saw(watches: 16 * 64, at: Self.start, until: Self.start)
        #expect(watch.overrun == nil)
        watch.saw(watches: 16 * 64 + 1, at: Self.start, until: Self.start)
        #expect(watch.overrun == PackOverrun(.watches, bound: 1024, seen: 1025, policyFile: "x.yaml"))
    }

    @Test func oneThatIsGoneIsNoError() {
        var watch = watch([(10, 5, 0)])
        watch.saw(nil, at: Self.start + .milliseconds(100))
        #expect(watch.overrun == nil && watch.usage == nil)
        #expect(watch.due == Self.start + .milliseconds(200))
    }
}
