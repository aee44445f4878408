// Who may cancel what: the same session, the same id, while the call is open.

import Synchronization
import Testing

@testable import ToolHost

@Suite struct CancellableCallsTests {
    private let calls = CancellableCalls()

    private func key(_ nonce: UInt8, _ id: RPCID) -> CancellableCalls.Key {
        CancellableCalls.Key(session: MCPSession(version: .june2025, nonce: [nonce]), request: id)
    }

    /// Counts how often it was cancelled.
    private final class Counter: Sendable {
        private let storage = Mutex(0)
        var count: Int { storage.withLock { $0 } }
        func cancel() { storage.withLock { $0 += 1 } }
    }

    private func start(_ key: CancellableCalls.Key) -> Counter {
        let counter = Counter()
        let isOpen = calls.open(key)
        #expect(isOpen)
        calls.started(key) { counter.cancel() }
        return counter
    }

    @Test func twoSessionsWithEqualIdsNeverTouchEachOther() {
        let one = start(key(1, .integer(0)))
        let other = start(key(2, .integer(0)))
        let text = start(key(1, .string("0")))
        calls.cancel(key(1, .integer(0)))
        #expect(one.count == 1)
        #expect(other.count == 0)
        #expect(text.count == 0)
        let cancelled = [
            calls.close(key(1, .integer(0))), calls.close(key(2, .integer(0))), calls.close(key(1, .string("0"))),
        ]
        #expect(cancelled == [true, false, false])
        #expect(calls.count == 0)
    }

    @Test func aCallIsCancelledOnce() {
        let counter = start(key(1, .integer(0)))
        calls.cancel(key(1, .integer(0)))
        calls.cancel(key(1, .integer(0)))
        #expect(counter.count == 1)
    }

    @Test func anIdIsNotUsedTwiceWhileItsCallIsOpen() {
        _ = start(key(1, .integer(0)))
        let second = calls.open(key(1, .integer(0)))
        _ = calls.close(key(1, .integer(0)))
        let third = calls.open(key(1, .integer(0)))
        #expect(!second)
        #expect(third)
    }

    @Test func aCancellationThatIsFasterThanTheStartIsNotLost() {
        let counter = Counter()
        let isOpen = calls.open(key(1, .integer(0)))
        calls.cancel(key(1, .integer(0)))
        calls.started(key(1, .integer(0))) { counter.cancel() }
        #expect(isOpen)
        #expect(counter.count == 1)
    }

    @Test func whatIsOverOrUnknownIsPassedOver() {
        let counter = start(key(1, .integer(0)))
        let wasCancelled = calls.close(key(1, .integer(0)))
        calls.cancel(key(1, .integer(0)))
        calls.cancel(key(9, .integer(9)))
        calls.started(key(1, .integer(0))) { counter.cancel() }
        #expect(!wasCancelled)
        #expect(counter.count == 0)
        #expect(calls.count == 0)
    }
}
