// Reads requests of the modern era (2026-07-28): no handshake, everything in each request, said twice where routers look.

import JSONSchema

/// Turns a message of the modern era into what it asks for.
enum ModernCodec {
    private static let capabilitiesKey = "io.modelcontextprotocol/clientCapabilities"

    /// - Throws: the first of the checks that fails, in the order of the revision: what must be in the message, then
    ///   whether the header fields agree with it, then the version, then the method and its parameters.
    static func demand(_ message: RPCMessage, _ fields: MCPFields) throws(RPCError) -> MCPDemand {
        switch message.kind {
        case .response:
            throw RPCError(.invalidRequest, "This server sends no requests, so there is nothing to respond to.")
        case .notification:
            // None is defined from client to server over HTTP: a stream is closed to cancel. Header fields are not
            // asked of it.
            return .nothing
        case .request:
            break
        }
        // The handshake of an earlier revision under this one's header: its client knows nothing of what is checked below.
        if message.method == "initialize", message.meta?[EraChoice.metaKey] == nil {
            throw .noHandshake(.unsupportedVersion, fields.version ?? "")
        }
        try checkMeta(message)
        try checkFields(message, fields)
        // The one that has to be quick.
        if message.method == "tools/call" { return .call(try CallDemand(message.params)) }
        switch message.method {
        case "server/discover": return .discover
        case "tools/list": return try .list(message.params)
        case "subscriptions/listen": return .listen(try ListenFilter(message.params))
        case "initialize": throw .noHandshake(.methodNotFound, fields.version ?? "")
        default: throw .unknownMethod(message.method)
        }
    }

    private static func checkMeta(_ message: RPCMessage) throws(RPCError) {
        guard let meta = message.meta else {
            throw RPCError(
                .invalidParams, "params._meta must be an object with \(EraChoice.metaKey) and \(capabilitiesKey).")
        }
        guard meta[EraChoice.metaKey]?.string != nil else {
            throw RPCError(.invalidParams, "params._meta must have the string \(EraChoice.metaKey).")
        }
        guard meta[capabilitiesKey]?.kind == .object else {
            throw RPCError(.invalidParams, "params._meta must have the object \(capabilitiesKey).")
        }
    }

    private static func checkFields(_ message: RPCMessage, _ fields: MCPFields) throws(RPCError) {
        func mismatch(_ text: String) -> RPCError { RPCError(.headerMismatch, text) }
        if let name = fields.repeated { throw mismatch("\(name) stands more than once in the head.") }
        let version = message.meta?[EraChoice.metaKey]?.string ?? ""
        guard fields.version?.isSame(as: version) == true else {
            throw mismatch("MCP-Protocol-Version must be the version in params._meta.")
        }
        guard fields.method?.isSame(as: message.method) == true else {
            throw mismatch("Mcp-Method must be the method of the message.")
        }
        if message.method == "tools/call", let name = message.params?["name"]?.string {
            guard let field = fields.name, HeaderParameter.decode(field)?.isSame(as: name) == true else {
                throw mismatch("Mcp-Name must be params.name.")
            }
        }
        guard ProtocolVersion(rawValue: version)?.era == .modern else { throw .unsupportedVersion(version) }
    }
}
