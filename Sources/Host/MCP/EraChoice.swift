// Which of the two ways of talking a message belongs to: decided for each request, from nothing but the request.

/// The choice between a handshake with sessions and everything in each request (2026-07-28, versioning, "Backward
/// Compatibility").
enum EraChoice: Equatable {
    case modern
    case legacy
    case refused(RPCError)

    /// - Parameters:
    ///   - header: `MCP-Protocol-Version`.
    ///   - meta: the version in `_meta` of the message.
    init(header: String?, meta: String?, method: String) {
        let stated = header.map { ProtocolVersion($0) }
        let inMessage = meta.map { ProtocolVersion($0) }
        if case .some(.some(let version)) = stated, version.era == .modern {
            self = .modern
        } else if let inMessage, inMessage?.era != .legacy {
            // The checks of the modern era find out whether header and message agree, and on what.
            self = .modern
        } else if method == MCPMethod.initialize {
            // Negotiates a version itself; the header is for what follows.
            self = .legacy
        } else if case .some(.none) = stated {
            self = .refused(.unsupportedVersion(header ?? ""))
        } else {
            self = .legacy
        }
    }
}
