// What a pack's process has in use, seen by whoever keeps it.

import HostBase
import HostLanes
import HostSandbox
import NIOCore
import Synchronization

extension RunnerKeeper {
    /// For a process that is about to be started.
    var newWatch: UsageWatch { UsageWatch(firstPlan.limits, policyFile: program.policyFile, at: .now()) }

    /// - Returns: the bound that the process is beyond; `nil` where it keeps to all of them, and where it is gone.
    func look(at runner: RunnerProcess, _ watch: inout UsageWatch) -> PackOverrun? {
        let overrun = watch.look(at: runner.child.process, without: runner.memory.held)
        usage.withLock { $0 = watch.usage }
        return overrun
    }
}
