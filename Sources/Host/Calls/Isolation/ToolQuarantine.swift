// Which tool of a pack is kept from bringing the whole pack down again and again; a value.

import NIOCore

/// The tools of one pack in a process of its own, as far as they brought that down.
///
/// A tool that did so three times in ten minutes is kept out for ten minutes. Then one call is let in: where it
/// succeeds the tool is free, where it brings the pack down the tool is kept out again.
///
/// Often nobody can see which of several tools it was. Each that was inside is a suspect then, but for one that was
/// there at fewer of the ends than another suspect: what one tool does, it does at every end, while others are there by
/// chance. Where two were there at all of them, either may be the victim of the other, and takes a fourth time: left
/// alone they would soon have the whole pack given up, which is worse for whichever is innocent than ten minutes
/// without its calls.
public struct ToolQuarantine: Sendable {
    public enum Admission: Sendable, Equatable {
        case enter
        /// Is the one call on trial: `trialEnded` is told of its end.
        case trial
        case refuse(retryAfter: TimeAmount)
    }

    /// How long an end counts against a tool.
    static let memory = TimeAmount.minutes(10)
    /// How long a tool is kept out.
    static let pause = TimeAmount.minutes(10)
    /// Ends that are put down to a tool alone.
    static let limit = 3
    /// Ends that may as well be another one's.
    static let suspectLimit = 4
    /// A trial of whose end nothing is heard is not waited for.
    static let patience = TimeAmount.minutes(1)
    /// The most ends that are remembered.
    static let endLimit = 64

    private struct End {
        var time: NIODeadline
        var suspects: Set<String>
    }

    private struct Trial {
        var tool: String
        var since: NIODeadline
    }

    /// Tools that are kept out, with the times from when on one call is let in.
    public private(set) var quarantined: [String: NIODeadline] = [:]
    /// Of tools that are not kept out.
    private var ends: [End] = []
    /// One at a time in a pack: two tools on trial would be suspects together again.
    private var trial: Trial?

    public init() {}

    /// Whether `admit` is worth asking: no tool is kept out else.
    public var isTroubled: Bool { !quarantined.isEmpty }

    /// The pack's process ended, and nobody had asked for that.
    ///
    /// - Parameters:
    ///   - inside: the tools of the calls that were inside `invoke`.
    ///   - culprit: the tool that the crashing thread was in, where that is known, or whose call is stuck.
    /// - Returns: tools that are kept out from now on, in the order of their names.
    public mutating func packEnded(inside: some Sequence<String>, culprit: String?, at now: NIODeadline) -> [String] {
        let suspects = suspects(Set(inside), culprit)
        let tried = trial?.tool
        trial = nil
        if let tried, suspects == [tried] {
            quarantined[tried] = now + Self.pause
            return [tried]
        }
        guard !suspects.isEmpty else { return [] }
        ends.removeAll { now - $0.time >= Self.memory }
        if ends.count == Self.endLimit { ends.removeFirst() }
        ends.append(End(time: now, suspects: suspects))
        let accused = accused(among: suspects)
        for tool in accused { quarantined[tool] = now + Self.pause }
        // What they did is no other one's doing.
        ends.removeAll { !$0.suspects.isDisjoint(with: accused) }
        return accused.sorted()
    }

    /// The pack's process was ended from outside: no tool's doing, and a call on trial has shown nothing.
    public mutating func packWasKilled() {
        trial = nil
    }

    /// Whether a call may go to its tool.
    public mutating func admit(_ tool: String, at now: NIODeadline) -> Admission {
        guard let due = quarantined[tool] else { return .enter }
        guard now >= due else { return .refuse(retryAfter: due - now) }
        if let trial, now - trial.since < Self.patience { return .refuse(retryAfter: .seconds(1)) }
        trial = Trial(tool: tool, since: now)
        return .trial
    }

    /// The call on trial is over, and the pack is still there.
    ///
    /// - Parameter succeeded: whether the tool did its work; another call is let in where it did not.
    /// - Returns: whether the tool is free now.
    public mutating func trialEnded(_ tool: String, succeeded: Bool) -> Bool {
        guard trial?.tool == tool else { return false }
        trial = nil
        return succeeded && quarantined.removeValue(forKey: tool) != nil
    }

    /// The pack was replaced, or restarted by hand.
    ///
    /// - Returns: the tools that are free now, in the order of their names.
    public mutating func clear() -> [String] {
        defer { self = ToolQuarantine() }
        return quarantined.keys.sorted()
    }

    private func suspects(_ inside: Set<String>, _ culprit: String?) -> Set<String> {
        if let culprit { return [culprit] }
        // It has a record. Where nothing is inside, what a call left behind in the pack ended it.
        if let trial, inside.isEmpty || inside.contains(trial.tool) { return [trial.tool] }
        return inside
    }

    private func accused(among suspects: Set<String>) -> Set<String> {
        let times = ends.reduce(into: [String: Int]()) { times, end in
            for tool in end.suspects { times[tool, default: 0] += 1 }
        }
        return suspects.filter { tool in
            let left = ends.lazy.filter { $0.suspects.contains(tool) }.map { end in
                let most = end.suspects.lazy.map { times[$0] ?? 0 }.max() ?? 0
                return end.suspects.filter { times[$0] == most }
            }.filter { $0.contains(tool) }
            return left.count { $0.count == 1 } >= Self.limit || left.count { _ in true } >= Self.suspectLimit
        }
    }
}
