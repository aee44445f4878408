// What an operator decides about the MCP endpoint.

/// What the endpoint obeys, checked.
public struct MCPSettings: Sendable {
    /// For models; `nil` where there is nothing to tell.
    public var instructions: String?
    /// Tools on a page of the list.
    public var pageSize: Int
    /// Hosts in `Host` beside the host's own, as `Authority` spells them.
    public var allowedHosts: [String]
    /// Printable ASCII; `nil` where there is none.
    public var appsChallenge: String?
    /// What an operator should know.
    public var warnings: [String] = []

    public init(
        instructions: String? = nil, pageSize: Int, allowedHosts: [String], appsChallenge: String? = nil,
        warnings: [String] = []
    ) {
        self.instructions = instructions
        self.pageSize = pageSize
        self.allowedHosts = allowedHosts
        self.appsChallenge = appsChallenge
        self.warnings = warnings
    }
}
