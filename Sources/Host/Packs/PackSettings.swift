// What loading and starting packs obeys.

import HostBase
import HostCalls
import HostSandbox
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
    /// How packs are confined whose YAML does not say.
    public var sandbox: SandboxLevel
    /// The highest version of Landlock that is used; `nil`: the system's.
    public var sandboxABI: Int?
    /// Absolute paths of what is the host's own, which no pack is to open: folders with all that is in them, and files.
    public var ownPaths: [String]
    /// The like of files that a pack may read.
    public var sharedPaths: [String]
    /// Where an operator's relative paths begin.
    public var workingDirectory: String
    /// The names of the host's keys whose values are secrets.
    public var secretNames: Set<String>
    /// What processes of packs may use up whose YAML does not say.
    public var limits: PackLimits
    /// When packs whose processes ended are started again.
    public var restarts: RestartSettings

    public init(
        directory: String, stateDirectory: String, trust: FileTrust, policy: ToolPolicy, startTimeout: TimeAmount,
        drainTime: TimeAmount, assertsFormats: Bool, isolation: PackIsolation, niceness: Int,
        sandbox: SandboxLevel, sandboxABI: Int?, ownPaths: [String], sharedPaths: [String],
        workingDirectory: String, secretNames: Set<String>, limits: PackLimits, restarts: RestartSettings
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
        self.sandbox = sandbox
        self.sandboxABI = sandboxABI
        self.ownPaths = ownPaths
        self.sharedPaths = sharedPaths
        self.workingDirectory = workingDirectory
        self.secretNames = secretNames
        self.limits = limits
        self.restarts = restarts
    }

    /// What opens to no pack.
    var places: HostPlaces {
        HostPlaces(
            stateDirectory: stateDirectory, workingDirectory: workingDirectory,
            own: ownPaths.filter { $0 != stateDirectory }, shared: sharedPaths)
    }
}
