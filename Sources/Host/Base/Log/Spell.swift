// A condition that comes and goes, told when it begins and when it is over: a line for each time it is met would be a
// flood.

import NIOCore

/// Decides what is told of something that happens again and again; a value.
public struct Spell: Sendable {
    /// What is told at the end.
    public struct Summary: Sendable, Equatable {
        public var times: Int
        public var duration: TimeAmount
    }

    /// As long as this without the condition, and it is over. What flickers is told as one.
    let quiet: TimeAmount
    private var times = 0
    private var began = NIODeadline.uptimeNanoseconds(0)
    private var last = NIODeadline.uptimeNanoseconds(0)

    public init(quiet: TimeAmount = .seconds(5)) {
        self.quiet = quiet
    }

    var isOn: Bool { times > 0 }

    /// The condition is met.
    ///
    /// - Returns: whether that is news.
    mutating func met(_ now: NIODeadline) -> Bool {
        last = now
        times += 1
        guard times == 1 else { return false }
        began = now
        return true
    }

    /// The condition is not met, or nobody knows.
    ///
    /// - Returns: what there was, once it is over.
    mutating func looked(_ now: NIODeadline) -> Summary? {
        guard isOn, now >= last + quiet else { return nil }
        defer { times = 0 }
        return Summary(times: times, duration: last - began)
    }
}
