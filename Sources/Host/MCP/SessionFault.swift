// Which session a request of the legacy era is in, judged by its head.

import HostHTTP
import JSON
import NIOHTTP1

/// Why a message is not taken: its session is missing or gone, or takes no batch.
struct SessionFault: Error {
    let error: RPCError
    let status: HTTPResponseStatus

    init(_ status: HTTPResponseStatus, _ message: String) {
        self.init(RPCError(.invalidRequest, message), status)
    }

    init(_ error: RPCError, _ status: HTTPResponseStatus = .badRequest) {
        self.error = error
        self.status = status
    }

    func response(id: RPCID?) -> Response {
        error.response(id: id, status: status)
    }
}

extension SessionIDs {
    /// - Returns: `nil` where the message needs none and has none.
    func session(of request: MCPRequest, for message: RPCMessage) throws(SessionFault) -> MCPSession? {
        // The handshake begins a session, whichever its client had before.
        if message.method == MCPMethod.initialize, message.id != nil { return nil }
        guard request.fields.sessionID != nil || request.fields.repeated != nil || LegacyCodec.needsSession(message)
        else { return nil }
        return try session(of: request)
    }

    /// The session of a batch whose size and version are ones that are taken.
    func session(ofBatch root: JSONNode, _ request: MCPRequest) throws(SessionFault) -> MCPSession {
        if let stated = request.fields.version, ProtocolVersion(stated)?.takesBatches != true {
            throw SessionFault(MCPBatch.notTaken)
        }
        let session = try session(of: request)
        guard session.version.takesBatches else { throw SessionFault(MCPBatch.notTaken) }
        guard (1...MCPBatch.limit).contains(root.count) else { throw SessionFault(MCPBatch.wrongSize) }
        return session
    }

    private func session(of request: MCPRequest) throws(SessionFault) -> MCPSession {
        if let name = request.fields.repeated {
            throw SessionFault(.badRequest, "\(name) stands more than once in the head.")
        }
        guard let id = request.fields.sessionID else {
            throw SessionFault(.badRequest, "Begin with initialize, and send the Mcp-Session-Id of its answer.")
        }
        guard let session = read(id, for: request.principal) else {
            throw SessionFault(.notFound, "There is no such session; begin again with initialize.")
        }
        return session
    }
}
