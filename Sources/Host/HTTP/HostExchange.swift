// What the host keeps of a request that its connection need not know.

import NIOHTTP1

/// A request to the host and its answer.
final class HostExchange: MCPExchange {
    /// What is to be done once the body is there.
    enum Purpose {
        case call(ToolRequest)
        case mcp(MCPRequest)
        case token(TokenRequest)
    }

    /// What was in force when the head came: kept until the last byte of the answer.
    let edition: Edition
    var purpose: Purpose?
    /// Known once credentials were accepted, also where the request is refused later.
    var principal: Principal?

    init(_ head: HTTPRequestHead, _ fields: RequestFields, id: String, peer: Peer, edition: Edition) {
        self.edition = edition
        super.init(head, fields, id: id, peer: peer)
    }
}
