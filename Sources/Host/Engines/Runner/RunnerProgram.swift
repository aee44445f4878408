// The program that runners run: the host's own, in the very version that runs.

import Glibc
import HostBase

/// How a runner is started.
public struct RunnerProgram: Sendable {
    /// The host's own executable.
    public let executable: String
    /// As it was before any pack could change it.
    public let environment: [[CChar]]

    /// How far it stands back where processors are busy: 0 to 19.
    public let niceness: Int
    /// The name of the YAML file of its pack, whether or not there is one.
    public let policyFile: String

    public init(executable: String, environment: [[CChar]], niceness: Int = 0, policyFile: String = "") {
        self.executable = executable
        self.environment = environment
        self.niceness = niceness
        self.policyFile = policyFile
    }
}
