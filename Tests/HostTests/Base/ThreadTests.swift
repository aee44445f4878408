// A thread says what it is for, where the system shows its name.

import Dispatch
import Foundation
import Synchronization
import Testing

@testable import HostBase

@Suite struct ThreadTests {
    /// Takes what another thread found out.
    private final class Finding: Sendable {
        let text = Mutex("")
        let isThere = DispatchSemaphore(value: 0)
    }

    @Test(arguments: [
        ("tool-worker", "tool-worker"), ("exactly-fifteen", "exactly-fifteen"),
        ("more-than-fifteen", "more-than-fifte"),
    ])
    func aThreadHasAName(name: String, shown: String) throws {
        let finding = Finding()
        let isStarted = HostBase.Thread.start(name) {
            let own = try? String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8)
            finding.text.withLock { $0 = own ?? "unreadable" }
            finding.isThere.signal()
        }
        try #require(isStarted)
        finding.isThere.wait()
        #expect(finding.text.withLock { $0 } == shown + "\n")
    }
}
