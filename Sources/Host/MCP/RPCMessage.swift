// One JSON-RPC 2.0 message, told apart as request, notification or response before anybody looks at its method.

import HostBase
import JSON

/// What a client chose to call a request, a progress token or a subscription: a string or a whole number (MCP
/// `RequestId`).
enum RPCID: Sendable, Hashable {
    case integer(Int64)
    case string(String)

    /// The most bytes of a string: it is kept as long as its call or stream, and repeated in every message about it.
    static let maximumLength = 256

    /// Whether it is short enough to be kept.
    var isUsable: Bool {
        if case .string(let text) = self { return text.utf8.count <= Self.maximumLength }
        return true
    }

    /// Two spellings of one character are two ids: whoever relays messages compares bytes.
    static func == (one: RPCID, other: RPCID) -> Bool {
        switch (one, other) {
        case (.integer(let one), .integer(let other)): one == other
        case (.string(let one), .string(let other)): one.isSame(as: other)
        case (.integer, .string), (.string, .integer): false
        }
    }

    init?(_ node: JSONNode?) {
        guard let node else { return nil }
        if let text = node.string {
            self = .string(text)
        } else if let number = node.int64 {
            self = .integer(number)
        } else {
            return nil
        }
    }

    /// As JSON.
    var bytes: [UInt8] {
        var writer = JSONWriter(reservingCapacity: 24)
        write(to: &writer)
        return writer.finish()
    }

    func write(to writer: inout JSONWriter) {
        switch self {
        case .integer(let number): writer.integer(number)
        case .string(let text): writer.string(text)
        }
    }
}

/// A message whose envelope is sound (JSON-RPC 2.0 sections 4 and 5).
struct RPCMessage: Sendable {
    enum Kind: Sendable, Equatable {
        case request(RPCID)
        case notification
        /// To a request that this host never sent.
        case response
    }

    var kind: Kind
    /// Empty for a response.
    var method: String
    /// `nil` where the message has none.
    var params: RPCParameters?

    var id: RPCID? {
        if case .request(let id) = kind { return id }
        return nil
    }

    /// The `_meta` object of the parameters.
    var meta: RequestMeta? { params?.meta }

    /// A message that cannot be understood, with the id to answer under where it has one.
    struct Malformed: Error {
        var error: RPCError
        var id: RPCID?
    }

    static func read(_ node: JSONNode) throws(Malformed) -> RPCMessage {
        guard node.kind == .object else {
            throw Malformed(error: RPCError(.invalidRequest, "A message is a JSON object."))
        }
        let members = node.members(names)
        // A notification is a message without an id; some libraries write that out.
        let idNode = members[0].flatMap { $0.isNull && isNotification(members[2]) ? nil : $0 }
        let id = RPCID(idNode)
        func malformed(_ text: String, _ code: RPCError.Code = .invalidRequest) -> Malformed {
            Malformed(error: RPCError(code, text), id: id)
        }
        if let id, !id.isUsable {
            throw Malformed(error: RPCError(.invalidRequest, "id has more than \(RPCID.maximumLength) bytes."))
        }
        guard members[1]?.isString("2.0") == true else { throw malformed("jsonrpc must be \"2.0\".") }
        if idNode != nil, id == nil {
            throw malformed("id must be a string or a whole number.")
        }
        guard let methodNode = members[2], !methodNode.isNull else {
            guard members[4] != nil || members[5] != nil else { throw malformed("The message has no method.") }
            guard id != nil else { throw malformed("The response has no id.") }
            return RPCMessage(kind: .response, method: "", params: nil)
        }
        guard let method = methodNode.string(like: MCPMethod.call) else {
            throw malformed("method must be a string.")
        }
        var params = members[3]
        if params?.isNull == true { params = nil }
        if let params, params.kind != .object {
            // An array is JSON-RPC, but no method of MCP has parameters by position.
            throw malformed(
                "params must be an object.", params.kind == .array ? .invalidParams : .invalidRequest)
        }
        return RPCMessage(
            kind: id.map { .request($0) } ?? .notification, method: method, params: params.map { RPCParameters($0) })
    }

    /// Whether a method is one that is never answered.
    private static func isNotification(_ method: JSONNode?) -> Bool {
        method?.string?.hasPrefix("notifications/") == true
    }

    private static let names = JSONNames(["id", "jsonrpc", "method", "params", "result", "error"])
}

/// The parameters of a message: an object, of which every method wants something else. A class, since it is handed on
/// often and never changes.
final class RPCParameters: Sendable {
    private let node: JSONNode
    let name: JSONNode?
    let arguments: JSONNode?
    /// `nil` also where it is no object.
    let meta: RequestMeta?

    private static let names = JSONNames(["name", "arguments", "_meta"])

    init(_ node: JSONNode) {
        self.node = node
        let members = node.members(Self.names)
        name = members[0]
        arguments = members[1]
        meta = RequestMeta(members[2])
    }

    /// One that only some methods have; `nil` also for `null`.
    subscript(_ name: String) -> JSONNode? {
        guard let member = node[name], !member.isNull else { return nil }
        return member
    }

    /// The cursor of `tools/list`; `nil` for the first page.
    ///
    /// - Throws: `invalidParams`.
    static func cursor(_ params: RPCParameters?) throws(RPCError) -> String? {
        guard let cursor = params?["cursor"] else { return nil }
        guard let text = cursor.string else { throw RPCError(.invalidParams, "params.cursor must be a string.") }
        return text
    }
}
