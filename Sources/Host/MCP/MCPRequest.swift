// What is known of a request to the MCP endpoint before its body is read, and what the log says of it afterwards.

/// A request whose caller is known and whose head is in order.
struct MCPRequest: Sendable {
    var principal: Principal
    var fields: MCPFields
    /// Stands in the log too.
    var id: String
}

/// A request in the log: each part is one of a bounded set of words.
struct MCPNote: Sendable {
    var method: String
    var era = "unknown"
    var tool: ServedTool?
    var traceparent = ""
}

/// What MCP serves at one moment.
struct Serving: Sendable {
    var snapshot: Snapshot
    var catalogue: ToolCatalogue
}
