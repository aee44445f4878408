// Packs are loaded into the host one after the other, so that it is known whose constructor or entry function does not
// end.

import CrashNote
import Glibc
import HostBase
import Logging
import NIOCore
import Synchronization

/// The turn of one pack to be loaded. The system's loader has a lock of its own for it, behind which nobody sees who
/// holds it.
public enum LoadTurn {
    private static let turn = Mutex(())
    private static let holder = Mutex<String?>(nil)

    /// Runs `body`, which runs code of the pack, when it is this file's turn.
    static func take<Output, Failure: Error>(
        _ file: String, _ body: () throws(Failure) -> Output
    ) throws(Failure) -> Output {
        try turn.withLock { _ throws(Failure) in
            holder.withLock { $0 = file }
            defer { holder.withLock { $0 = nil } }
            return try body()
        }
    }

    /// Ends the process when a pack keeps its turn for as long, as a failure of that pack: nothing can be loaded behind
    /// it, and it is left out of a later start. Ends it, too, where a signal has asked for a stop meanwhile.
    ///
    /// - Returns: to be called when all are loaded.
    public static func watch(limit: TimeAmount, logger: Logger) -> @Sendable () -> Void {
        let isOver = Flag()
        // Without a thread a pack that hangs is not noticed; packs are loaded all the same.
        _ = Thread.start("pack-load") {
            var last: (file: String, steps: Int)?
            while !isOver.value.load(ordering: .relaxed) {
                usleep(UInt32(step.nanoseconds / 1000))
                guard let file = holder.withLock({ $0 }) else {
                    last = nil
                    continue
                }
                let steps = last?.file == file ? (last?.steps ?? 0) + 1 : 1
                last = (file, steps)
                if HostSignals.isStopAsked, steps > 10 {
                    leave(0, "the host was asked to stop while a pack was loaded", file)
                }
                if step.nanoseconds * Int64(steps) >= limit.nanoseconds {
                    unsafe crash_blame(.forever(file), "a hang")
                    leave(
                        ExitStatus.endedByPack,
                        "a pack hangs while it is loaded (twice TOOL_START_TIMEOUT): the process ends", file)
                }
            }
        }
        return { isOver.value.store(true, ordering: .relaxed) }

        /// Does not return.
        @Sendable func leave(_ status: Int32, _ message: Logger.Message, _ file: String) {
            logger.log(level: status == 0 ? .info : .critical, message, metadata: ["file": "\(file)"])
            LineOutput.standardError.end()
            _exit(status)
        }
    }

    private static let step = TimeAmount.milliseconds(100)

    private final class Flag: Sendable {
        let value = Atomic(false)
    }
}
