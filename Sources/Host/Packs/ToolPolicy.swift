// Which tools this deployment serves, as the operator says in the environment.

import HostTools

/// `TOOLS_ENABLED`, `TOOLS_DISABLED` and `TOOLS_READ_ONLY`.
public struct ToolPolicy: Sendable {
    public var enabled: [String]
    public var disabled: [String]
    public var readOnly: Bool

    public init(enabled: [String], disabled: [String], readOnly: Bool) {
        self.enabled = enabled
        self.disabled = disabled
        self.readOnly = readOnly
    }

    /// Why a tool is not served; `nil` when it is.
    func objection(to tool: ToolDescriptor) -> String? {
        if disabled.contains(where: { Self.matches(tool.name, pattern: $0) }) { return "TOOLS_DISABLED names it" }
        if !enabled.contains(where: { Self.matches(tool.name, pattern: $0) }) {
            return "TOOLS_ENABLED does not name it"
        }
        if readOnly && !tool.hints.isReadOnly { return "it writes, and TOOLS_READ_ONLY is set" }
        return nil
    }

    /// A warning for each pattern that fits none of the tools there are: most likely a slip of the pen.
    public func warnings(tools: [String]) -> [String] {
        let lists = [
            ("TOOLS_ENABLED", enabled), ("TOOLS_DISABLED", disabled),
        ]
        return lists.flatMap { key, patterns in
            patterns.filter { pattern in pattern != "*" && !tools.contains { Self.matches($0, pattern: pattern) } }
                .map { "\(key): \"\($0)\" fits no tool" }
        }
    }

    /// Whether the whole name fits a pattern in which `*` stands for any run of characters.
    static func matches(_ name: String, pattern: String) -> Bool {
        let (name, pattern) = (Array(name.utf8), Array(pattern.utf8))
        var (n, p) = (0, 0)
        var (star, resume): (Int?, Int) = (nil, 0)
        while n < name.count {
            if p < pattern.count, pattern[p] == UInt8(ascii: "*") {
                star = p
                resume = n
                p += 1
            } else if p < pattern.count, pattern[p] == name[n] {
                n += 1
                p += 1
            } else if let star {
                p = star + 1
                resume += 1
                n = resume
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
