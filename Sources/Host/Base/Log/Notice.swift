// A line when a condition begins and one when it is over, for whoever has nobody to look again.

import NIOCore
import Synchronization

/// A `Spell` with the clock that it needs.
public final class Notice: Sendable {
    private let spell: Mutex<Spell>

    public init(_ spell: Spell = Spell()) {
        self.spell = Mutex(spell)
    }

    /// The condition is met.
    ///
    /// - Parameters:
    ///   - eventLoop: where to wait for its end; without one that is not told.
    ///   - began: called at once where it is news.
    ///   - ended: called once it was not met for a while.
    public func met(
        on eventLoop: (any EventLoop)?, began: () -> Void, ended: @escaping @Sendable (Spell.Summary) -> Void
    ) {
        guard spell.withLock({ $0.met(.now()) }) else { return }
        began()
        if let eventLoop { watch(on: eventLoop, ended) }
    }

    private func watch(on eventLoop: any EventLoop, _ ended: @escaping @Sendable (Spell.Summary) -> Void) {
        eventLoop.scheduleTask(in: spell.withLock(\.quiet)) {
            guard let summary = self.spell.withLock({ $0.looked(.now()) }) else {
                return self.watch(on: eventLoop, ended)
            }
            ended(summary)
        }
    }
}
