// Whoever reads gets a value that was published, and never an earlier one once the next was published.

import Dispatch
import Synchronization
import Testing

@testable import Storefront

@Suite struct PublishedTests {
    @Test func theLatestValueIsRead() {
        let published = Published(1)
        #expect(published.value == 1)
        published.publish(2)
        #expect(published.value == 2)
    }

    @Test func manyReadersNeverSeeWhatWasReplacedBeforeTheyAsked() {
        let published = Published(0)
        let done = Atomic<Int>(0)
        let fault = Atomic<Bool>(false)
        DispatchQueue.concurrentPerform(iterations: 9) { thread in
            if thread == 0 {
                for number in 1...2000 {
                    published.publish(number)
                    done.store(number, ordering: .sequentiallyConsistent)
                }
            } else {
                while true {
                    let before = done.load(ordering: .sequentiallyConsistent)
                    if published.value < before { fault.store(true, ordering: .relaxed) }
                    if before == 2000 { break }
                }
            }
        }
        let hasFault = fault.load(ordering: .relaxed)
        #expect(!hasFault)
        #expect(published.value == 2000)
    }
}
