// A thread that counts time by its own steps: it sees event loops that do not move, and a stop that does not end.

import CrashNote
import Glibc
import HostBase
import HostHTTP
import Logging
import NIOCore
import Synchronization

/// Watches the event loops, and ends a process that hangs.
///
/// Its steps are its time. A process that was stopped, paused or swapped out makes none meanwhile, and is not ended for
/// what the clock says.
final class Watchdog: Sendable {
    private static let step = TimeAmount.milliseconds(250)
    /// Without a sign for this long a loop counts as stuck.
    private static let patience = TimeAmount.seconds(1)

    private let pulses: [LoopPulse]
    private let hang: TimeAmount
    private let state: HostState
    private let logger: Logger
    /// Steps until the process has to have ended; `nil` while it serves.
    private let left = Mutex<(steps: Int, status: Int32)?>(nil)

    /// - Parameter hang: how long a loop may not move before the process is ended.
    init(_ group: any EventLoopGroup, hang: TimeAmount, state: HostState, logger: Logger) {
        pulses = group.makeIterator().map(LoopPulse.init)
        self.hang = hang
        self.state = state
        self.logger = logger
    }

    /// - Returns: whether the system had a thread for it.
    func start() -> Bool {
        Thread.start("watchdog") { self.watch() }
    }

    /// The process ends with this status, at the latest after this time.
    func expectEnd(within time: TimeAmount, status: Int32) {
        left.withLock { $0 = (Self.steps(time), status) }
    }

    private static func steps(_ time: TimeAmount) -> Int {
        max(1, Int((time.nanoseconds + step.nanoseconds - 1) / step.nanoseconds))
    }

    private struct Watched {
        let pulse: LoopPulse
        var vigil: LoopVigil
        /// At the last step, where the loop had not moved.
        var progress: ThreadProgress?
    }

    private func watch() -> Never {
        let vigil = LoopVigil(patience: Self.steps(Self.patience), limit: Self.steps(hang))
        var loops = pulses.map { Watched(pulse: $0, vigil: vigil) }
        while true {
            usleep(UInt32(Self.step.nanoseconds / 1000))
            for index in loops.indices { step(&loops[index]) }
            state.set(stuckLoops: loops.count { $0.vigil.isStuck })
            endIfOverdue()
        }
    }

    private func step(_ loop: inout Watched) {
        let hasMoved = loop.pulse.hasMoved()
        var chance = LoopVigil.Chance.none
        if hasMoved {
            loop.progress = nil
        } else {
            let progress = loop.pulse.progress
            // The system may tell nothing of its threads, as where no descriptor is left to ask with.
            chance = progress.map { now in loop.progress.map { now.chance(since: $0) } ?? .none } ?? .hindered
            loop.progress = progress
            if chance != .none, ThreadProgress.isTraced { chance = .none }
        }
        switch loop.vigil.step(hasMoved: hasMoved, chance) {
        case .none: break
        case .stuck: tell(.error, "an event loop is stuck: its connections and some new ones are not answered", loop)
        case .moves: logger.notice("an event loop that was stuck moves again")
        case .hopeless where !state.isStopping:
            tell(.critical, "an event loop hangs (TOOL_INLINE_HANG): the process ends, to be started anew", loop)
            LineOutput.standardError.end()
            _exit(ExitStatus.stuck)
        case .hopeless: break
        }
    }

    private func tell(_ level: Logger.Level, _ message: Logger.Message, _ loop: Watched) {
        let place = loop.pulse.place
        var metadata: Logger.Metadata = [:]
        if let pack = place.pack { metadata["pack"] = "\(pack)" }
        if let tool = place.tool { metadata["tool"] = "\(tool)" }
        if let id = place.requestID { metadata["request_id"] = "\(id)" }
        logger.log(level: level, message, metadata: metadata)
    }

    private func endIfOverdue() {
        let status = left.withLock { left -> Int32? in
            guard let now = left else { return nil }
            left = (now.steps - 1, now.status)
            return now.steps <= 1 ? now.status : nil
        }
        guard let status else { return }
        logger.error("the host did not stop in time: the process ends with what is still open")
        LineOutput.standardError.end()
        _exit(status)
    }
}
