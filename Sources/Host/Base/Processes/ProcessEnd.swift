// The very end: what was said goes out, and nothing of a pack runs any more.

import CrashNote
import Dispatch
import Glibc

/// Ends the process.
public enum ProcessEnd {
    public static func now(_ status: Int32) -> Never {
        LineOutput.standardError.finish()
        flushStandardOutput()
        // Destructors of packs could wait for threads that never end.
        _exit(status)
    }

    /// What is still in buffers of the C library goes out, unless a pack keeps one of them.
    private static func flushStandardOutput() {
        let done = DispatchSemaphore(value: 0)
        let isStarted = Thread.start("flush") {
            fflush(nil)
            done.signal()
        }
        if isStarted { _ = done.wait(timeout: .now() + .milliseconds(200)) }
    }
}
