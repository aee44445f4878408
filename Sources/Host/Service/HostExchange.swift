// What the host keeps of a request that its connection need not know.

import HostAuth
import HostCaller
import HostCalls
import HostHTTP
import HostMCP
import NIOHTTP1

/// A request to the host and its answer.
final class HostExchange: MCPExchange {
    /// What is to be done once the body is there.
    enum Purpose {
        case call(ToolRequest)
        case mcp(MCPRequest)
        case token(TokenRequest)
    }

    private var kept: Edition?
    var purpose: Purpose?
    /// Known once credentials were accepted, also where the request is refused later.
    var principal: Principal?
    /// The tool of a call over REST that was answered by its head.
    var turnedAway: ServedTool?

    convenience init(_ head: HTTPRequestHead, _ fields: RequestFields, id: String, peer: Peer, edition: Edition) {
        self.init(head, fields, id: id, peer: peer)
        kept = edition
    }

    /// What was in force when the head came: kept until the last byte of the answer, but for one that goes on for ever.
    var edition: Edition {
        guard let kept else { preconditionFailure("a stream that goes on for ever asks what is in force") }
        return kept
    }

    override func goOnForEver() {
        kept = nil
        purpose = nil
    }
}
