// What to do with a request, decided when its head is there and before its body is read.

import NIOCore

/// The host's decision on a request head.
enum Plan: Sendable {
    /// The body does not matter.
    case answer(Response)
    /// Read the body, then call the tool.
    case call(ToolRequest)
    /// Read the body, then see what its message asks for.
    case mcp(MCPRequest)
    /// Read the body, then answer as the token endpoint.
    case token(TokenRequest)
    /// Not decided yet; the future never fails.
    case later(EventLoopFuture<Plan>)
}

/// A call that is allowed and only lacks its arguments.
struct ToolRequest: Sendable {
    var tool: ServedTool
    /// Whether the head says that the body is JSON. Where it does not, only an empty body will do.
    var isJSON: Bool
    /// Whether the URL has a query, which nobody reads.
    var hasQuery: Bool
    var context: CallContext
}
