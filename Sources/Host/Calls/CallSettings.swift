// What calls obey: how many at once, for how long, and what their arguments and results may be.

import NIOCore

/// What an operator decides about calls.
public struct CallSettings: Sendable {
    /// What a `null` is where a tool's argument may be left out and is never null.
    public enum NullPolicy: String, Sendable, CaseIterable {
        case absent, strict
    }

    /// ChatGPT gives a call up after this time.
    public static let longestTimeout = TimeAmount.seconds(45)

    /// For a call whose tool states none.
    public var timeout: TimeAmount
    /// Threads for tools that are not inline.
    public var workers: Int
    /// How many of the workers one pack may have; fewer than there are.
    public var packWorkers: Int
    /// Calls of one pack that may be open, queued ones included.
    public var packCalls: Int
    /// The most characters that a result may have.
    public var maxResultCharacters: Int
    /// Where a pack's YAML says nothing else of a tool.
    public var nullArguments: NullPolicy

    public init(
        timeout: TimeAmount, workers: Int, packWorkers: Int, packCalls: Int, maxResultCharacters: Int,
        nullArguments: NullPolicy
    ) {
        self.timeout = timeout
        self.workers = workers
        self.packWorkers = packWorkers
        self.packCalls = packCalls
        self.maxResultCharacters = maxResultCharacters
        self.nullArguments = nullArguments
    }
}
