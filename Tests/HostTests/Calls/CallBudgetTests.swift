// A pack's open calls stay within their limit, whoever comes and goes at the same time.

import Synchronization
import Testing

@testable import HostCalls

@Suite struct CallBudgetTests {
    @Test func callsOfBothKindsShareTheLimit() {
        let open = CallBudget(limit: 2)
        #expect(open.admit(inline: true))
        #expect(open.admit(inline: false))
        #expect(!open.admit(inline: true))
        #expect(!open.admit(inline: false))
        open.settled()
        #expect(open.admit(inline: false))
        #expect(!open.admit(inline: false))
    }

    @Test func onlyInlineCallsOccupyALoop() {
        let open = CallBudget(limit: 4)
        _ = open.admit(inline: false)
        #expect(!open.isOccupied)
        _ = open.admit(inline: true)
        #expect(open.isOccupied)
        // Its call may stay open, to be completed later.
        open.leftInline()
        #expect(!open.isOccupied)
        open.settled()
        open.settled()
        #expect(!open.isOccupied)
    }

    @Test func nothingEntersAClosedPack() {
        let open = CallBudget(limit: 4)
        _ = open.admit(inline: true)
        open.close()
        #expect(!open.admit(inline: true))
        #expect(!open.admit(inline: false))
        #expect(open.isOccupied)
        open.leftInline()
        open.settled()
        #expect(!open.isOccupied)
    }

    @Test func countsAreKeptUnderContention() async {
        final class Shared: Sendable {
            let open = CallBudget(limit: 1)
            let inside = Atomic<Int>(0)
            let most = Atomic<Int>(0)
        }
        let shared = Shared()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<5000 where shared.open.admit(inline: true) {
                        let now = shared.inside.add(1, ordering: .sequentiallyConsistent).newValue
                        shared.most.max(now, ordering: .relaxed)
                        shared.inside.subtract(1, ordering: .sequentiallyConsistent)
                        shared.open.leftInline()
                        shared.open.settled()
                    }
                }
            }
        }
        #expect(shared.most.load(ordering: .relaxed) == 1)
        #expect(!shared.open.isOccupied)
        #expect(shared.open.admit(inline: false))
        #expect(!shared.open.admit(inline: false))
    }
}
