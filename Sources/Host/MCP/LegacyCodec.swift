// Reads messages of the legacy era (2025-03-26, 2025-06-18, 2025-11-25): a handshake, then requests within its session.

import JSON

/// Turns a message of the legacy era into what it asks for.
enum LegacyCodec {
    /// - Parameter message: a request.
    /// - Throws: `methodNotFound` or `invalidParams`.
    static func demand(_ message: RPCMessage) throws(RPCError) -> LegacyDemand {
        switch message.method {
        case MCPMethod.initialize:
            guard let requested = message.params?["protocolVersion"]?.string else {
                throw RPCError(.invalidParams, "params.protocolVersion must be a string.")
            }
            return .initialize(.negotiated(requested))
        case "ping": return .ping
        case MCPMethod.list: return .list(cursor: try RPCParameters.cursor(message.params))
        case MCPMethod.call: return .call(try CallDemand(message.params))
        default:
            guard let list = EmptyList(rawValue: message.method) else {
                throw .unknownMethod(message.method, .legacy)
            }
            return .emptyList(list)
        }
    }

    /// The request that a notification cancels. What makes no sense in one is passed over: nobody waits for an answer.
    static func cancelled(_ message: RPCMessage) -> RPCID? {
        guard message.kind == .notification, message.method == "notifications/cancelled" else { return nil }
        return RPCID(message.params?["requestId"])
    }

    /// Whether a message may come before its client has a session: the handshake itself, and signs of life.
    static func needsSession(_ message: RPCMessage) -> Bool {
        guard message.id != nil else { return true }
        return message.method != MCPMethod.initialize && message.method != "ping"
    }
}
