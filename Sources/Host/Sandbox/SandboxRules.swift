// What an operator decides about the confinement of one pack.

/// The part `sandbox` of a pack's YAML. Whatever it leaves out is the deployment's, or the level's.
public struct SandboxRules: Sendable, Equatable {
    /// `nil`: `PACK_SANDBOX`.
    public var level: SandboxLevel?
    /// `nil`: any under `standard`, none under `strict`.
    public var network: SandboxNetwork?
    /// Whether the pack may start processes.
    public var allowsProcesses = false
    /// Absolute paths of files and folders that it may read besides.
    public var read: [String] = []
    /// And such that it may write to as well.
    public var write: [String] = []
    /// Whether the pack is refused where this system cannot hold all of it.
    public var isRequired = false

    public init() {}
}
