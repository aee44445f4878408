// What a tool's author states about its effects; clients decide by it whether to ask a person first.

import ToolABI

/// The effects of a tool, in four pairs. A tool states exactly one of each pair, because an effect left out must not
/// read as harmless; the host refuses a tool that states none or both.
public struct Hints: OptionSet, Sendable, Hashable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Changes nothing that anybody can see.
    public static let readOnly = Hints(rawValue: TOOL_READ_ONLY)
    /// Changes something.
    public static let writes = Hints(rawValue: TOOL_WRITES)
    /// May remove or replace something.
    public static let destructive = Hints(rawValue: TOOL_DESTRUCTIVE)
    /// Removes and replaces nothing.
    public static let additive = Hints(rawValue: TOOL_ADDITIVE)
    /// The same call again changes nothing more.
    public static let idempotent = Hints(rawValue: TOOL_IDEMPOTENT)
    /// The same call again has its effect again.
    public static let repeats = Hints(rawValue: TOOL_REPEATS)
    /// Reaches beyond this deployment.
    public static let openWorld = Hints(rawValue: TOOL_OPEN_WORLD)
    /// Stays within this deployment.
    public static let closedWorld = Hints(rawValue: TOOL_CLOSED)

    static let pairs: [(Hints, Hints, names: String)] = [
        (.readOnly, .writes, "readOnly and writes"),
        (.destructive, .additive, "destructive and additive"),
        (.idempotent, .repeats, "idempotent and repeats"),
        (.openWorld, .closedWorld, "openWorld and closedWorld"),
    ]
}
