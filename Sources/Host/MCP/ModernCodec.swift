// Reads requests of the modern era (2026-07-28): no handshake, everything in each request, said twice where routers
// look.

import HostBase
import HostDocuments
import JSON

/// Turns a message of the modern era into what it asks for.
enum ModernCodec {
    /// - Parameter message: a request.
    /// - Throws: the first of the checks that fails: a version that nobody here speaks, since by its rules the rest may
    ///   be right and its client has to learn which there are; then in the order of the revision what must be in the
    ///   message, whether the header fields agree with it, the method and its parameters.
    static func demand(_ message: RPCMessage, _ fields: MCPFields) throws(RPCError) -> ModernDemand {
        // The handshake of an earlier revision under this one's header: its client knows nothing of what is checked
        // below.
        if message.method == MCPMethod.initialize, message.meta?[.version] == nil {
            throw .noHandshake(.unsupportedVersion, fields.version ?? "")
        }
        try checkVersion(message, fields)
        try checkMeta(message)
        try checkFields(message, fields)
        if message.method == MCPMethod.call { return .call(try CallDemand(message.params, name: fields.name)) }
        switch message.method {
        case "server/discover": return .discover
        case MCPMethod.list: return .list(cursor: try RPCParameters.cursor(message.params))
        case "subscriptions/listen": return .listen(try ListenFilter(message.params))
        case MCPMethod.initialize: throw .noHandshake(.methodNotFound, fields.version ?? "")
        default: throw .unknownMethod(message.method, .modern)
        }
    }

    /// Where message and head both state a version, one that is spoken here makes it a matter of agreement.
    private static func checkVersion(_ message: RPCMessage, _ fields: MCPFields) throws(RPCError) {
        guard let stated = message.meta?[.version]?.string, ProtocolVersion(stated) == nil,
            fields.version.map({ ProtocolVersion($0) == nil }) ?? true
        else { return }
        throw message.method == MCPMethod.initialize
            ? .noHandshake(.unsupportedVersion, stated) : .unsupportedVersion(stated)
    }

    private static func checkMeta(_ message: RPCMessage) throws(RPCError) {
        guard let meta = message.meta else {
            throw RPCError(
                .invalidParams,
                "params._meta must be an object with \(MetaKey.protocolVersion) and \(MetaKey.clientCapabilities).")
        }
        guard meta[.version]?.kind == .string else {
            throw RPCError(.invalidParams, "params._meta must have the string \(MetaKey.protocolVersion).")
        }
        guard meta[.capabilities]?.kind == .object else {
            throw RPCError(.invalidParams, "params._meta must have the object \(MetaKey.clientCapabilities).")
        }
    }

    private static func checkFields(_ message: RPCMessage, _ fields: MCPFields) throws(RPCError) {
        func mismatch(_ text: String) -> RPCError { RPCError(.headerMismatch, text) }
        if let name = fields.repeated { throw mismatch("\(name) stands more than once in the head.") }
        let stated = message.meta?[.version]
        guard let version = fields.version, stated?.isString(version) == true else {
            throw mismatch("MCP-Protocol-Version must be the version in params._meta.")
        }
        guard fields.method?.isSame(as: message.method) == true else {
            throw mismatch("Mcp-Method must be the method of the message.")
        }
        if message.method == MCPMethod.call, let name = message.params?.name, name.kind == .string {
            guard let field = fields.name, let stated = HeaderParameter.decode(field), name.isString(stated) else {
                throw mismatch("Mcp-Name must be params.name.")
            }
        }
        guard ProtocolVersion(version)?.era == .modern else { throw .unsupportedVersion(version) }
    }
}
