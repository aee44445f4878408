// How much room a tool's answer gets from the start: where it is too little, what was written is copied.

import JSONSchema
import Synchronization

/// Remembers how long a tool's latest answer was, which is the best guess for the next one.
@usableFromInline
final class AnswerRoom: Sendable {
    private let latest = Atomic<Int>(256)

    @usableFromInline
    init() {}

    /// An answer as JSON text.
    @usableFromInline
    func encode(_ write: (inout JSONWriter) -> Void) -> [UInt8] {
        // A quarter more, since few answers are as long as the one before.
        var writer = JSONWriter(reservingCapacity: latest.load(ordering: .relaxed) * 5 / 4)
        write(&writer)
        let json = writer.finish()
        latest.store(json.count, ordering: .relaxed)
        return json
    }
}
