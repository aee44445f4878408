// What there is to see of a pack's file before it is one of a deployment.

import HostEngines
import HostSandbox

/// What the pack says of itself, and how it would be confined.
public struct PackLook: Sendable {
    public let description: PackDescription
    public let confinement: PackConfinement
    /// What this system holds of that; `nil` where there is nothing to hold, or no process to try it.
    public let sandbox: SandboxReport?
}
