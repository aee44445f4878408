// What was found to serve, and what not and why: built whole and never changed.

import HostBase

/// Packs and tools as they run: a part of an `Edition`.
public final class Snapshot: Sendable {
    /// In the order in which they were loaded.
    public let packs: [Pack]
    /// In the order of packs, then of each pack's table: the order of every document.
    public let tools: [ServedTool]
    /// What is not served because something is wrong with it.
    public let refusals: [PackRefusal]
    /// What is not served because the operator says so.
    public let disabled: [PackRefusal]
    /// What the operator should look at in the folders of packs and of state.
    public let warnings: [String]
    /// How many packs are not served because their start failed: what they need may be back by another start.
    public let failedStarts: Int
    private let byName: [String: ServedTool]

    public init(
        packs: [Pack], tools: [ServedTool], refusals: [PackRefusal], disabled: [PackRefusal],
        warnings: [String] = [], failedStarts: Int = 0
    ) {
        self.warnings = warnings
        self.packs = packs
        self.tools = tools
        self.refusals = refusals
        self.disabled = disabled
        self.failedStarts = failedStarts
        byName = Dictionary(tools.map { ($0.name, $0) }) { first, _ in first }
    }

    /// Names are compared by code points: the sign for kelvin is no K.
    public func tool(named name: String) -> ServedTool? {
        guard let tool = byName[name], tool.name.isSame(as: name) else { return nil }
        return tool
    }
}
