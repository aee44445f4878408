// What the host keeps of a request that its connection need not know.

/// A request to the host and its answer.
final class HostExchange: MCPExchange {
    /// What is to be done once the body is there.
    enum Purpose {
        case call(ToolRequest)
        case mcp(MCPRequest)
        case token(TokenRequest)
    }

    var purpose: Purpose?
    /// Known once credentials were accepted, also where the request is refused later.
    var principal: Principal?
}
