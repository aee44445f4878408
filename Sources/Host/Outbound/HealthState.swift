// What repeated looks at a backend say of it; a value.

import NIOCore

/// The health of one watched URL.
struct HealthState: Sendable {
    enum Change: Sendable, Equatable {
        case wentDown, cameBack
    }

    /// One failed look may be a hiccup; so many in a row are not.
    static let threshold = 2
    private static let shortest = TimeAmount.milliseconds(100)

    let interval: TimeAmount
    private var failures = 0
    private(set) var isDown = false
    /// When the next look is due.
    private(set) var nextLook: NIODeadline

    init(interval: TimeAmount, now: NIODeadline) {
        self.interval = interval
        nextLook = now
    }

    /// - Parameter isWell: the answer had a status from 200 to 299.
    mutating func looked(isWell: Bool, _ now: NIODeadline) -> Change? {
        failures = isWell ? 0 : min(failures + 1, Self.threshold)
        // In trouble it is looked at more often: to be sure of it, and to find its end soon.
        nextLook = now + (isWell ? interval : max(min(interval, Self.shortest), interval / 5))
        let wasDown = isDown
        isDown = failures >= Self.threshold
        return isDown == wasDown ? nil : isDown ? .wentDown : .cameBack
    }

    /// The look did not get as far as the backend, and says nothing of it.
    mutating func gaveUp(_ now: NIODeadline) {
        nextLook = now + max(min(interval, Self.shortest), interval / 5)
    }

    /// How long to stay away; `nil` while nothing is wrong.
    func refusal(_ now: NIODeadline) -> TimeAmount? {
        isDown ? max(nextLook - now, .seconds(1)) : nil
    }
}

extension TimeAmount {
    public static func / (amount: TimeAmount, divisor: Int64) -> TimeAmount {
        .nanoseconds(amount.nanoseconds / divisor)
    }
}
