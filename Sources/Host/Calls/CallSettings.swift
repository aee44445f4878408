// What calls obey: how many at once, for how long, and what their arguments and results may be.

import NIOCore

/// What an operator decides about calls.
struct CallSettings: Sendable {
    /// What a `null` is where a tool's argument may be left out and is never null.
    enum NullPolicy: String, Sendable, CaseIterable {
        case absent, strict
    }

    /// ChatGPT gives a call up after this time.
    static let longestTimeout = TimeAmount.seconds(45)

    /// For a call whose tool states none.
    var timeout: TimeAmount
    /// Threads for tools that are not inline.
    var workers: Int
    /// Of the workers, for one pack; fewer than there are.
    var packWorkers: Int
    /// Calls of one pack that may be open, queued ones included.
    var packCalls: Int
    /// Of a result.
    var maxResultCharacters: Int
    /// Where a pack's YAML says nothing else of a tool.
    var nullArguments: NullPolicy
}
