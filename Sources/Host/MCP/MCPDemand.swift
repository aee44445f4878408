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
    /// A list of something that this host has none of (legacy).
    case emptyList(EmptyList)
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
        "resources/list", "resources/templates/list", "resources/read", "prompts/list", "prompts/get",
        "logging/setLevel", "completion/complete",
    ]

    static func label(of method: String) -> String {
        if method == callMethod { return method }
        return method.isEmpty ? "response" : knownMethods.contains(method) ? method : "other"
    }
}

/// What clients list that the host has none of. Before 2026-07-28 no revision says what becomes of a request whose
/// capability the server has not named, and widespread clients take an error for the end of the server; 2026-07-28 wants
/// `methodNotFound` (schema, `MethodNotFoundError`).
enum EmptyList: String, Sendable {
    case prompts = "prompts/list"
    case resources = "resources/list"
    case resourceTemplates = "resources/templates/list"

    /// The `result`.
    var result: [UInt8] {
        switch self {
        case .prompts: Array(#"{"prompts":[]}"#.utf8)
        case .resources: Array(#"{"resources":[]}"#.utf8)
        case .resourceTemplates: Array(#"{"resourceTemplates":[]}"#.utf8)
        }
    }
}

/// The arguments of a call, as far as they are known before its tool is.
enum CallArguments: Sendable {
    /// The client sent none.
    case none
    /// An object in a larger document.
    case node(JSONNode)
    /// The text of an object. Where it is not known to fit the tool's input schema, that is still to be checked.
    case text([UInt8], fits: Bool)

    var node: JSONNode? {
        if case .node(let node) = self { return node }
        return nil
    }
}

/// `tools/call`. A class, since it is handed on often and never changes.
final class CallDemand: Sendable {
    let name: String
    let arguments: CallArguments
    let meta: RequestMeta?
    /// Whether the client wants to hear of progress, and under which name.
    let progressToken: RPCID?

    /// A call that says nothing else.
    init(name: String, arguments: CallArguments) {
        self.name = name
        self.arguments = arguments
        meta = nil
        progressToken = nil
    }

    /// - Parameter name: what the head says that it is.
    /// - Throws: `invalidParams`.
    init(_ params: RPCParameters?, name: String? = nil) throws(RPCError) {
        guard let name = params?.name?.string(like: name) else {
            throw RPCError(.invalidParams, "params.name must be the name of a tool.")
        }
        self.name = name
        switch params?.arguments {
        case nil: arguments = .none
        case .some(let node) where node.isNull: arguments = .none
        case .some(let node) where node.kind == .object: arguments = .node(node)
        case .some: throw RPCError(.invalidParams, "params.arguments must be an object.")
        }
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
