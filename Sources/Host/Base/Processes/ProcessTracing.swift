// Whether somebody looks into a process: one that stands still under a debugger is not stuck.

import Glibc

/// What `/proc` says of who traces a process.
public enum ProcessTracing {
    /// Whether another process than this one traces it: this one does where it was asked to (PTRACE_TRACEME).
    public static func isTraced(_ process: Int32) -> Bool {
        let status = ProcessFile.text("/proc/\(process)/status")
        guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix("TracerPid:") }),
            let tracer = Int32(line.drop { !$0.isNumber }), tracer != 0
        else { return false }
        return !ProcessFile.threads(of: getpid()).contains(tracer)
    }
}
