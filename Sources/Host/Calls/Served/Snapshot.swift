// What was found to serve, and what not and why: built whole and never changed.

/// Packs and tools as they run: a part of an `Edition`.
final class Snapshot: Sendable {
    /// In the order in which they were loaded.
    let packs: [Pack]
    /// In the order of packs, then of each pack's table: the order of every document.
    let tools: [ServedTool]
    /// What is not served because something is wrong with it.
    let refusals: [PackRefusal]
    /// What is not served because the operator says so.
    let disabled: [PackRefusal]
    /// What the operator should look at in the folders of packs and of state.
    let warnings: [String]
    /// How many packs are not served because their start failed: what they need may be back by another start.
    let failedStarts: Int
    private let byName: [String: ServedTool]

    init(
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
    func tool(named name: String) -> ServedTool? {
        guard let tool = byName[name], tool.name.isSame(as: name) else { return nil }
        return tool
    }
}
