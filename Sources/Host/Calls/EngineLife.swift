// What an engine is in, and what may follow what: a value.

/// The life of one engine, from before its start to after its stop. Nothing comes twice, and nothing goes back.
public struct EngineLife: Sendable, Equatable {
    public enum Phase: Sendable, Equatable {
        /// Nobody asked for its start yet.
        case new
        case starting
        /// Takes calls.
        case running
        case stopping
        case stopped
        /// Its start came to nothing, or nobody waits for it any more.
        case refused(reason: String)
    }

    public private(set) var phase = Phase.new

    public init() {}

    /// - Returns: whether to start: nobody has given up waiting for it.
    public mutating func start() -> Bool {
        move(to: .starting) { $0 == .new }
    }

    /// The start succeeded. One that took too long changes nothing: the pack is given up, and stays without a caller.
    public mutating func started() {
        _ = move(to: .running) { $0 == .starting }
    }

    /// The start failed, or will not be waited for any longer.
    ///
    /// - Returns: whether that is news.
    public mutating func refuse(_ reason: String) -> Bool {
        move(to: .refused(reason: reason)) { $0 == .new || $0 == .starting }
    }

    /// - Returns: whether to stop: what never ran is not stopped, nor is anything twice.
    public mutating func stop() -> Bool {
        move(to: .stopping) { $0 == .running }
    }

    /// The stop came to its end.
    public mutating func stopped() {
        _ = move(to: .stopped) { $0 == .stopping }
    }

    private mutating func move(to next: Phase, from may: (Phase) -> Bool) -> Bool {
        guard may(phase) else { return false }
        phase = next
        return true
    }
}
