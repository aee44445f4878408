// Which tools of a pack are served, as the operator says in the environment and in the pack's YAML.

import HostCalls
import HostTools

/// The tools of one pack that the operator wants served.
public struct ToolSelection {
    /// As they are served, with their places in the pack's table.
    public let tools: [(index: Int, tool: CheckedTool)]
    /// The others, with the reason.
    public let disabled: [PackRefusal]

    public init(of pack: DescribedPack, policy: ToolPolicy) {
        var tools: [(Int, CheckedTool)] = []
        var disabled: [PackRefusal] = []
        for (index, tool) in pack.tools {
            let name = tool.descriptor.name
            if let reason = Self.objection(to: tool.descriptor, of: pack, policy) {
                disabled.append(PackRefusal(file: pack.file.name, tool: name, reason: reason))
                continue
            }
            var tool = tool
            if let scopes = pack.policy.tools[name]?.scopes { tool.descriptor.scopes = scopes }
            tools.append((index, tool))
        }
        (self.tools, self.disabled) = (tools, disabled)
    }

    /// Why the operator does not want a tool served; `nil` when it is wanted.
    private static func objection(to tool: ToolDescriptor, of pack: DescribedPack, _ policy: ToolPolicy) -> String? {
        if pack.policy.tools[tool.name]?.isEnabled == false {
            return "\(pack.file.stem).yaml says tools.\(tool.name).enabled: false"
        }
        return policy.objection(to: tool)
    }
}
