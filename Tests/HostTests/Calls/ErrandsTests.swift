// Everything that is handed over is done once, by no more threads than there may be.

import Dispatch
import Synchronization
import Testing

@testable import ToolHost

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
            let isTaken = errands.run {
                tally.counts.withLock { counts in
                    counts.running += 1
                    counts.most = max(counts.most, counts.running)
                }
                tally.counts.withLock { counts in
                    counts.running -= 1
                    counts.done += 1
                }
                tally.all.leave()
            }
            #expect(isTaken)
        }
        tally.all.wait()
        let (most, done) = tally.counts.withLock { ($0.most, $0.done) }
        #expect(done == 200 && most <= limit)
    }
}
