// Holds the process that it runs in to a plan: the runner's, and that of a trial.

import Confinement
import Glibc
import HostBase

/// Confines this process.
public enum Confiner {
    /// What came of it.
    public struct Outcome {
        public var report: SandboxReport
        /// Where refused system calls are told, for the host; belongs to the caller. `nil` where they are not.
        public var listener: Int32?
    }

    /// For good, and for whatever it starts. Only the first thread of a process can do that for all of it.
    ///
    /// - Returns: `nil` where there is more than one thread.
    public static func confine(to plan: SandboxPlan) -> Outcome? {
        guard plan.level != .off else { return Outcome(report: SandboxReport(plan, .init()), listener: nil) }
        if plan.level == .strict, let folder = plan.folder { _ = unsafe chdir(folder) }
        let paths = paths(of: plan)
        var names = unsafe paths.map { unsafe strdup($0.path) }
        defer { while let name = unsafe names.popLast() { unsafe free(name) } }
        let entries = unsafe zip(names, paths).map { name, path in
            unsafe confined_path(path: UnsafePointer(name), access: path.access)
        }
        var result = confinement_result()
        let isDone = unsafe entries.withUnsafeBufferPointer { buffer in
            var wanted = unsafe confinement(
                paths: buffer.baseAddress, path_count: buffer.count,
                landlock_limit: Int32(clamping: plan.landlockLimit), network: plan.network.confined,
                allows_processes: plan.allowsProcesses ? 1 : 0, tells_refusals: plan.tellsRefusals ? 1 : 0)
            return unsafe confine_process(&wanted, &result) == 0
        }
        guard isDone else { return nil }
        var steps = SandboxReport.Steps(landlock: Int(result.landlock_version))
        steps.landlockError = reason(result.landlock_error)
        steps.systemCallError = reason(result.system_call_error)
        steps.privilegeError = reason(result.privilege_error)
        steps.listenerError = reason(result.listener_error)
        steps.isLeaky = steps.landlock > 0 && isLeaky(plan)
        return Outcome(
            report: SandboxReport(plan, steps), listener: result.listener >= 0 ? result.listener : nil)
    }

    private static func reason(_ error: Int32) -> String? { error == 0 ? nil : FileStatus.Failure(error).reason }

    /// Whether something that is to be hidden can be read.
    private static func isLeaky(_ plan: SandboxPlan) -> Bool {
        plan.hidden.contains { path in
            let descriptor = unsafe open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
            if descriptor >= 0 { close(descriptor) }
            return descriptor >= 0
        }
    }

    static func paths(of plan: SandboxPlan) -> [(path: String, access: UInt32)] {
        let (read, write, execute) = (UInt32(confine_read), UInt32(confine_write), UInt32(confine_execute))
        let runs = plan.allowsProcesses ? execute : 0
        // What the host and the system name means what it leads to. Of all else a link is no way to anything: what an
        // operator names was followed when it was judged.
        var roots = SystemPaths.readable.map(CanonicalPath.text(of:))
        roots += SystemPaths.folders(around: CanonicalPath.text(of: "/etc/resolv.conf"))
        if plan.level == .standard {
            roots = ReadableTree.roots(without: plan.hidden + SystemPaths.hidden) { folder in
                let names = try? FileStatus.names(in: folder.isEmpty ? "/" : folder)
                return (names ?? []).compactMap { $0.text }
            }
        }
        return roots.map { ($0, read | runs) } + SystemPaths.devices.map { ($0, read | write) }
            + [(CanonicalPath.text(of: plan.file), read)] + plan.read.map { ($0, read | runs) }
            + (plan.write + (plan.folder.map { [CanonicalPath.text(of: $0)] } ?? [])).map { ($0, read | write | runs) }
    }
}

extension SandboxNetwork {
    fileprivate var confined: confined_network {
        switch self {
        case .none: network_none
        case .unix: network_unix
        case .any: network_any
        }
    }
}
