// What MCP keeps of a request, for the log.

/// A request that may be one to the MCP endpoint.
class MCPExchange: Exchange {
    /// What the request was about, where path and tool do not say it.
    var note: MCPNote?
}
