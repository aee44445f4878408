// `tools/call` in both eras: which tool, with what, and what is to be known of it.

import JSON

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
