// When a pack's process is looked at next, and whether it is beyond a bound; a value.

import HostBase
import HostSandbox
import NIOCore

/// Of one process. The faster that nears a bound, the sooner it is looked at: how far it gets beyond goes by that.
public struct UsageWatch: Sendable {
    /// Between two looks at a process that does not grow, or slowly.
    static let longest = TimeAmount.milliseconds(100)
    /// A look costs some microseconds.
    static let shortest = TimeAmount.milliseconds(5)
    /// Between two looks at what it watches, which cost about a microsecond for each descriptor that it has, and longer
    /// where that took long.
    static let longestForWatches = TimeAmount.seconds(1)
    private static let watchesShare = 100

    private let limits: PackLimits
    private let policyFile: String
    private var last: (usage: PackUsage, time: NIODeadline)
    /// What was seen of it; `nil` before, and once it is gone.
    private(set) var usage: PackUsage?
    /// When it is to be looked at.
    private(set) var due: NIODeadline
    /// When its watches are to be counted.
    private var watchesDue: NIODeadline
    /// What it was first found at; it is ended then.
    private(set) var overrun: PackOverrun?

    /// - Parameters:
    ///   - policyFile: the YAML file that would allow the pack more.
    ///   - now: when the process was started.
    public init(_ limits: PackLimits, policyFile: String, at now: NIODeadline) {
        self.limits = limits
        self.policyFile = policyFile
        last = (PackUsage(memory: 0, threads: 0), now)
        due = now
        watchesDue = now
    }

    /// It was looked at.
    ///
    /// - Parameter usage: `nil` where it is gone.
    mutating func saw(_ usage: PackUsage?, at now: NIODeadline) {
        due = now + Self.longest
        self.usage = usage
        guard let usage, overrun == nil else { return }
        for (limit, bound, value) in [
            (PackOverrun.Limit.memory, limits.memory, \PackUsage.memory), (.threads, limits.threads, \.threads),
        ] {
            guard let bound, overrun == nil else { continue }
            let seen = usage[keyPath: value]
            if seen > bound { overrun = PackOverrun(limit, bound: bound, seen: seen, policyFile: policyFile) }
            due = min(due, now + pause(left: bound - seen, growth: seen - last.usage[keyPath: value], since: now))
        }
        last = (usage, now)
    }

    /// Its watches were counted.
    mutating func saw(watches: Int, at now: NIODeadline, until end: NIODeadline) {
        watchesDue =
            end
            + min(
                max(Self.longestForWatches, (end - now) * Self.watchesShare), Self.longestForWatches * 5)
        guard watches > limits.watches, overrun == nil else { return }
        overrun = PackOverrun(.watches, bound: limits.watches, seen: watches, policyFile: policyFile)
    }

    /// Half of the time that it takes to the bound at the pace of the time before.
    private func pause(left: Int, growth: Int, since now: NIODeadline) -> TimeAmount {
        guard growth > 0 else { return Self.longest }
        let time = Double((now - last.time).nanoseconds) * Double(max(0, left)) / Double(growth) / 2
        return .nanoseconds(
            Int64(min(max(time, Double(Self.shortest.nanoseconds)), Double(Self.longest.nanoseconds))))
    }

    /// Looks at a process, once it is time for that.
    ///
    /// - Parameter hosts: bytes of shared memory that are the host's as well.
    /// - Returns: the bound that it is beyond; `nil` where it keeps to all of them, and where it is gone.
    public mutating func look(at process: Int32, without hosts: @autoclosure () -> Int) -> PackOverrun? {
        let now = NIODeadline.now()
        if now >= due { saw(PackUsage(of: process, without: hosts()), at: now) }
        if now >= watchesDue, overrun == nil {
            saw(watches: ProcessFile.watches(of: process, limit: limits.watches), at: now, until: .now())
        }
        return overrun
    }

    /// Until the next look, in milliseconds.
    public func wait(at now: NIODeadline) -> Int32 {
        Int32(clamping: max(0, (due - now).nanoseconds + 999_999) / 1_000_000)
    }
}
