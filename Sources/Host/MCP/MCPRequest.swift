// What is known of a request to the MCP endpoint before its body is read, and what the log says of it afterwards.

import HostCaller
import HostCalls
import HostHTTP

/// A request whose caller is known and whose head is in order. A class, since it is handed on often and never changes.
public final class MCPRequest: Sendable {
    /// What was in force when its head came.
    let edition: MCPEdition
    let principal: Principal
    let fields: MCPFields
    /// Stands in the log too.
    let id: String
    /// Path of the endpoint as the client asked for it, which is the protected resource that it knows.
    let endpoint: String
    /// What the client takes as an answer.
    let forms: MediaRanges.Forms

    init(
        edition: MCPEdition, principal: Principal, fields: MCPFields, id: String, endpoint: String,
        forms: MediaRanges.Forms = .both
    ) {
        self.edition = edition
        self.principal = principal
        self.fields = fields
        self.id = id
        self.endpoint = endpoint
        self.forms = forms
    }

    /// One of several messages, under an id of its own.
    func element(_ position: Int) -> MCPRequest {
        MCPRequest(
            edition: edition, principal: principal, fields: fields, id: "\(id).\(position + 1)", endpoint: endpoint)
    }
}

/// A request in the log: each part is one of a bounded set of words.
public struct MCPNote: Sendable {
    public var method: String
    public var era = "unknown"
    public var tool: ServedTool?
    public var traceparent = ""
}
