// What is known of a request to the MCP endpoint before its body is read, and what the log says of it afterwards.

/// A request whose caller is known and whose head is in order. A class, since it is handed on often and never changes.
final class MCPRequest: Sendable {
    let principal: Principal
    let fields: MCPFields
    /// Stands in the log too.
    let id: String
    /// What the client takes as an answer.
    let forms: MediaRanges.Forms

    init(
        principal: Principal, fields: MCPFields, id: String, forms: MediaRanges.Forms = .both
    ) {
        self.principal = principal
        self.fields = fields
        self.id = id
        self.forms = forms
    }
}

/// A request in the log: each part is one of a bounded set of words.
struct MCPNote: Sendable {
    var method: String
    var era = "unknown"
    var tool: ServedTool?
    var traceparent = ""
}

/// What MCP serves at one moment.
final class Serving: Sendable {
    let snapshot: Snapshot
    let catalogue: ToolCatalogue

    init(snapshot: Snapshot, catalogue: ToolCatalogue) {
        self.snapshot = snapshot
        self.catalogue = catalogue
    }
}
