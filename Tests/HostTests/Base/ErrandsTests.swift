// Everything that is handed over is done once, by no more threads than there may be.

import Dispatch
import Synchronization
import Testing

@testable import HostBase

@Suite struct ErrandsTests {
    private final class Tally: Sendable {
        struct Counts {
            var running = 0
            var most = 0
            var done = 0
        }
        let counts = Mutex(Counts())
        let all = DispatchGroup()
    }

    @Test(arguments: [1, 3])
    func everythingIsDoneWithinTheLimit(limit: Int) {
        let errands = Errands("errand", limit: limit)
        let tally = Tally()
        for _ in 0..<200 {
            tally.all.enter()
            errands.run {
                tally.counts.withLock { counts in
                    counts.running += 1
                    counts.most = max(counts.most, counts.running)
                }
                tally.counts.withLock { counts in
                    counts.running -= 1
                    counts.done += 1
                }
                tally.all.leave()
            } orElse: {
                tally.all.leave()
            }
        }
        tally.all.wait()
        let (most, done) = tally.counts.withLock { ($0.most, $0.done) }
        #expect(done == 200 && most <= limit)
    }

    @Test func whereNoThreadStartsNothingIsLeftBehind() {
        let refused = Tally()
        let errands = Errands("errand", limit: 1) { _, _ in false }
        for _ in 1...3 {
            errands.run {
                refused.counts.withLock { $0.running += 1 }
            } orElse: {
                refused.counts.withLock { $0.done += 1 }
            }
        }
        let (done, running) = refused.counts.withLock { ($0.done, $0.running) }
        #expect(done == 3 && running == 0)
    }

    @Test func whatComesWhileAThreadFailsToStartIsRefusedWithIt() {
        let refused = Tally()
        let box = Mutex<Errands?>(nil)
        let errands = Errands("errand", limit: 1) { _, _ in
            let isFirst = refused.counts.withLock { counts in
                defer { counts.running += 1 }
                return counts.running == 0
            }
            if isFirst {
                box.withLock { $0 }?.run {
                } orElse: {
                    refused.counts.withLock { $0.done += 1 }
                }
            }
            return false
        }
        box.withLock { $0 = errands }
        errands.run {
        } orElse: {
            refused.counts.withLock { $0.done += 1 }
        }
        #expect(refused.counts.withLock { $0.done } == 2)
    }
}
