// Whether somebody looks into a process: one that stands still under a debugger is not stuck.

import Glibc

/// What `/proc` says of who traces a process.
public enum ProcessTracing {
    /// Whether another process than this one traces it: this one does where it was asked to (PTRACE_TRACEME).
    public static func isTraced(_ process: Int32) -> Bool {
        guard let tracer = ProcessStatus(of: process).numbers(["TracerPid"])[0], tracer != 0 else { return false }
        return !ProcessFile.threads(of: getpid()).contains(Int32(tracer))
    }
}
