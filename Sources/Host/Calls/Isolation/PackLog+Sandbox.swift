// What the log says of a pack that is confined.

import HostSandbox
import Logging

extension PackLog {
    /// The first one of its kind.
    public func refused(_ refusal: SandboxRefusal) {
        var metadata: Logger.Metadata = ["operation": "\(refusal.operation)", "allow": "\(refusal.allow)"]
        if !refusal.object.isEmpty { metadata["object"] = "\(refusal.object)" }
        logger.warning(
            "the sandbox refused a pack something; further refusals of the kind are not told", metadata: metadata)
    }
}
