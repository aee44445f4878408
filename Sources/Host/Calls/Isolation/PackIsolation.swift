// Where a pack runs, as the operator says it.

/// What a pack may take along when it ends.
public enum PackIsolation: String, Sendable, CaseIterable {
    /// A process of its own.
    case process
    /// The host's process, which ends with it.
    case host
}
