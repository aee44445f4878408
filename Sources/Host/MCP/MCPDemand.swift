// What a message asks for, once it is checked: the value between the codecs and the endpoint that acts.

import JSONSchema

/// Something that a client wants done.
enum MCPDemand: Sendable {
    /// Which versions and capabilities there are (2026-07-28).
    case discover
    /// A session in this version (legacy).
    case initialize(ProtocolVersion)
    /// A sign of life (legacy).
    case ping
    case list(cursor: String?)
    case call(CallDemand)
    /// To be told of changes (2026-07-28).
    case listen(ListenFilter)
    /// To stop a call of the same session (legacy).
    case cancel(RPCID)
    /// Nothing, as with most notifications.
    case nothing

    /// The one that has to be quick.
    static let callMethod = "tools/call"

    /// Method names are bounded in the log.
    static let knownMethods: Set<String> = [
        "initialize", "ping", "tools/list", "tools/call", "server/discover", "subscriptions/listen",
        "notifications/initialized", "notifications/cancelled", "notifications/progress",
        "notifications/roots/list_changed",
        "resources/list", "resources/templates/list", "prompts/list", "logging/setLevel", "completion/complete",
    ]

    static func label(of method: String) -> String {
        if method == callMethod { return method }
        return method.isEmpty ? "response" : knownMethods.contains(method) ? method : "other"
    }
}

/// `tools/call`. A class, since it is handed on often and never changes.
final class CallDemand: Sendable {
    let name: String
    /// An object; `nil` where the client sent none.
    let arguments: JSONNode?
    let meta: RequestMeta?
    /// Whether the client wants to hear of progress, and under which name.
    let progressToken: RPCID?

    /// - Parameter name: what the head says that it is.
    /// - Throws: `invalidParams`.
    init(_ params: RPCParameters?, name: String? = nil) throws(RPCError) {
        guard let name = params?.name?.string(like: name) else {
            throw RPCError(.invalidParams, "params.name must be the name of a tool.")
        }
        self.name = name
        var arguments = params?.arguments
        if arguments?.isNull == true { arguments = nil }
        if let arguments, arguments.kind != .object {
            throw RPCError(.invalidParams, "params.arguments must be an object.")
        }
        self.arguments = arguments
        let meta = params?.meta
        self.meta = meta
        progressToken = try meta?[.progressToken].map { token throws(RPCError) in
            guard let id = RPCID(token) else {
                throw RPCError(.invalidParams, "progressToken must be a string or a whole number.")
            }
            guard id.isUsable else {
                throw RPCError(.invalidParams, "progressToken has more than \(RPCID.maximumLength) bytes.")
            }
            return id
        }
    }
}

/// `subscriptions/listen`: the kinds of changes that a client wants to hear of, as far as there are any here.
struct ListenFilter: Sendable, Equatable {
    var toolsListChanged: Bool

    /// - Throws: `invalidParams`.
    init(_ params: RPCParameters?) throws(RPCError) {
        guard let kinds = params?["notifications"], kinds.kind == .object else {
            throw RPCError(.invalidParams, "params.notifications must be an object.")
        }
        let wanted = kinds["toolsListChanged"]
        guard wanted == nil || wanted?.isNull == true || wanted?.bool != nil else {
            throw RPCError(.invalidParams, "params.notifications.toolsListChanged must be true or false.")
        }
        toolsListChanged = wanted?.bool == true
    }
}

extension MCPDemand {
    /// The cursor of `tools/list`.
    static func list(_ params: RPCParameters?) throws(RPCError) -> MCPDemand {
        guard let cursor = params?["cursor"], !cursor.isNull else { return .list(cursor: nil) }
        guard let text = cursor.string else { throw RPCError(.invalidParams, "params.cursor must be a string.") }
        return .list(cursor: text)
    }
}
