// Names for requests: unique across restarts and cheap to make.

import Synchronization

/// Makes request ids such as `k3v9x2m7-1f`.
final class RequestIDs: Sendable {
    private let prefix: String
    private let count = Atomic<UInt64>(0)

    init() {
        // Eight digits: with up to six behind the dash an id is a string that needs no memory of its own.
        prefix = String(UInt64.random(in: 1 << 40..<1 << 41), radix: 36) + "-"
    }

    func next() -> String {
        prefix + String(count.add(1, ordering: .relaxed).newValue, radix: 36)
    }

    /// Whether an id that came from outside may stand in the log and in headers.
    static func isUsable(_ id: String) -> Bool {
        (1...128).contains(id.utf8.count) && id.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 }
    }
}
