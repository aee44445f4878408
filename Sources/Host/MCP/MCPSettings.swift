// What an operator decides about the MCP endpoint.

/// What the endpoint obeys, checked.
package struct MCPSettings: Sendable {
    /// For models; `nil` where there is nothing to tell.
    package var instructions: String?
    /// Tools on a page of the list.
    package var pageSize: Int
    /// Hosts in `Host` beside the host's own, as `Authority` spells them.
    package var allowedHosts: [String]
    /// Printable ASCII; `nil` where there is none.
    package var appsChallenge: String?
    /// What an operator should know.
    package var warnings: [String] = []

    package init(
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
