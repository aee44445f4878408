// What MCP keeps of a request, and what it says of it to whoever keeps more.

import HostHTTP
import NIOHTTP1

/// A request that may be one to the MCP endpoint.
open class MCPExchange: Exchange {
    /// What the request was about, where path and tool do not say it.
    public var note: MCPNote?
    /// What is open of its body, where that has several messages: their calls are reported when it ends.
    public var batch: OpenBatch?

    public override init(_ head: HTTPRequestHead, _ fields: RequestFields, id: String, peer: Peer) {
        super.init(head, fields, id: id, peer: peer)
    }

    /// Its answer is a stream without an end of its own: nothing that is replaced meanwhile is kept for it.
    open func goOnForEver() {}
}
