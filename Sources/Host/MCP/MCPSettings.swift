// What an operator decides about the MCP endpoint.

/// What the endpoint obeys, checked.
struct MCPSettings: Sendable {
    /// For models; `nil` where there is nothing to tell.
    var instructions: String?
    /// Tools on a page of the list.
    var pageSize: Int
    /// Hosts in `Host` beside the host's own, as `Authority` spells them.
    var allowedHosts: [String]
    /// Printable ASCII; `nil` where there is none.
    var appsChallenge: String?
    /// What an operator should know.
    var warnings: [String] = []
}
