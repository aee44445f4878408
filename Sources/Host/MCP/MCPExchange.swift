// What MCP keeps of a request, and what it says of it to whoever keeps more.

/// A request that may be one to the MCP endpoint.
open class MCPExchange: Exchange {
    /// What the request was about, where path and tool do not say it.
    var note: MCPNote?
    /// What is open of its body, where that has several messages: their calls are reported when it ends.
    var batch: OpenBatch?

    /// Its answer is a stream without an end of its own: nothing that is replaced meanwhile is kept for it.
    open func goOnForEver() {}
}
