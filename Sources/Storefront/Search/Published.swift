// A value that every call looks at and hardly anything replaces.

import Synchronization

/// Readers do not wait for one another. Where threads outnumber processors, one of them is interrupted now and then
/// while it holds a lock, and everybody else would wait until it goes on; here they look at another copy. With one
/// lock, and four times as many event loops as processors, one run in two fell to half of its rate.
package final class Published<Value: Sendable>: Sendable {
    private final class Copy: Sendable {
        let value: Mutex<Value>

        init(_ value: Value) {
            self.value = Mutex(value)
        }
    }

    private let copies: [Copy]

    package init(_ value: Value) {
        copies = (0..<8).map { _ in Copy(value) }
    }

    /// The latest value; while it is being replaced, that or the one before.
    package var value: Value {
        for copy in copies {
            if let value = copy.value.withLockIfAvailable({ $0 }) { return value }
        }
        return copies[0].value.withLock { $0 }
    }

    /// When this returns, nobody gets an earlier value any more.
    package func publish(_ value: Value) {
        for copy in copies { copy.value.withLock { $0 = value } }
    }
}
