// What loading and starting packs obeys.

import HostBase
import NIOCore

/// What an operator decides about packs as a whole; of each of them `PackPolicy` says more.
public struct PackSettings: Sendable {
    /// The plugins folder.
    public var directory: String
    /// Where copies of packs and notes about them are kept.
    public var stateDirectory: String
    /// How the files in both are judged.
    public var trust: FileTrust
    public var policy: ToolPolicy
    /// For a pack's start and, at the end, its stop.
    public var startTimeout: TimeAmount
    /// Whether `format` in a schema is a condition.
    public var assertsFormats: Bool

    public init(
        directory: String, stateDirectory: String, trust: FileTrust, policy: ToolPolicy, startTimeout: TimeAmount,
        assertsFormats: Bool
    ) {
        self.directory = directory
        self.stateDirectory = stateDirectory
        self.trust = trust
        self.policy = policy
        self.startTimeout = startTimeout
        self.assertsFormats = assertsFormats
    }
}
