// What loading and starting packs obeys.

import HostBase
import HostCalls
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
    /// For calls to end where a pack is restarted by hand.
    public var drainTime: TimeAmount
    /// Whether `format` in a schema is a condition.
    public var assertsFormats: Bool
    /// Where packs run whose YAML does not say.
    public var isolation: PackIsolation
    /// How far the processes of packs stand back whose YAML does not say: 0 to 19.
    public var niceness: Int
    /// When packs whose processes ended are started again.
    public var restarts: RestartSettings

    public init(
        directory: String, stateDirectory: String, trust: FileTrust, policy: ToolPolicy, startTimeout: TimeAmount,
        drainTime: TimeAmount, assertsFormats: Bool, isolation: PackIsolation, niceness: Int,
        restarts: RestartSettings
    ) {
        self.directory = directory
        self.stateDirectory = stateDirectory
        self.trust = trust
        self.policy = policy
        self.startTimeout = startTimeout
        self.drainTime = drainTime
        self.assertsFormats = assertsFormats
        self.isolation = isolation
        self.niceness = niceness
        self.restarts = restarts
    }
}
