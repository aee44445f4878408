// Reads messages of the legacy era (2025-03-26, 2025-06-18, 2025-11-25): a handshake, then requests within its session.

import JSONSchema

/// Turns a message of the legacy era into what it asks for.
enum LegacyCodec {
    /// - Throws: `methodNotFound` or `invalidParams`.
    static func demand(_ message: RPCMessage) throws(RPCError) -> MCPDemand {
        switch message.kind {
        case .response: .nothing
        case .notification: notification(message)
        case .request: try request(message)
        }
    }

    private static func request(_ message: RPCMessage) throws(RPCError) -> MCPDemand {
        switch message.method {
        case "initialize":
            guard let requested = message.params?["protocolVersion"]?.string else {
                throw RPCError(.invalidParams, "params.protocolVersion must be a string.")
            }
            return .initialize(.negotiated(requested))
        case "ping": return .ping
        case "tools/list": return try .list(message.params)
        case "tools/call": return .call(try CallDemand(message.params))
        default:
            guard let list = EmptyList(rawValue: message.method) else {
                throw .unknownMethod(message.method, .legacy)
            }
            return .emptyList(list)
        }
    }

    /// What makes no sense in a notification is passed over: nobody waits for an answer.
    private static func notification(_ message: RPCMessage) -> MCPDemand {
        guard message.method == "notifications/cancelled", let id = RPCID(message.params?["requestId"]) else {
            return .nothing
        }
        return .cancel(id)
    }

    /// Whether a message may come before its client has a session: the handshake itself, and signs of life.
    static func needsSession(_ message: RPCMessage) -> Bool {
        guard message.id != nil else { return true }
        return message.method != "initialize" && message.method != "ping"
    }
}
