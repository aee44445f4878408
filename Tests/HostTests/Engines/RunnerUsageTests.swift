// What is known of a process's memory and threads is known of no other, and of none that is gone.

import Glibc
import HostSandbox
import NIOCore
import Synchronization
import Testing

@testable import HostEngines

@Suite struct RunnerUsageTests {
    @Test(arguments: ["/nowhere/toolhost", "/bin/true"])
    func aFailedStartLeavesNoneBehind(_ program: String) {
        // As in a host: one of them reads nothing of what it is told.
        signal(SIGPIPE, SIG_IGN)
        let keeper = RunnerKeeper(
            RunnerProgram(executable: program, environment: []),
            plan: SandboxPlan(level: .off, network: .any, file: ""), copy: "", name: "test", loops: 1, calls: 8,
            workers: 1, timeout: .seconds(10), emptying: .seconds(1))
        keeper.usage.withLock { $0 = PackUsage(memory: 1, threads: 1) }
        guard case .failure = keeper.describe() else {
            Issue.record("it was started")
            return
        }
        #expect(keeper.usage.withLock(\.self) == nil)
    }
}
