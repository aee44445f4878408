// What a request says of itself under `_meta`, found in one pass: most of it is looked for in every call and is not
// there.

import HostDocuments
import JSON

/// The members of a message's `_meta` that mean something here.
struct RequestMeta: Sendable {
    enum Key: Int, CaseIterable {
        case version, capabilities, progressToken, idempotencyKey, openAISubject, openAISession, traceparent

        var name: String {
            switch self {
            case .version: MetaKey.protocolVersion
            case .capabilities: MetaKey.clientCapabilities
            case .progressToken: "progressToken"
            case .idempotencyKey: MetaKey.idempotencyKey
            case .openAISubject: MetaKey.openAISubject
            case .openAISession: MetaKey.openAISession
            case .traceparent: "traceparent"
            }
        }
    }

    private static let names = JSONNames(Key.allCases.map(\.name))
    private let members: JSONFoundMembers

    /// - Returns: `nil` for what is no object.
    init?(_ node: JSONNode?) {
        guard let node, node.kind == .object else { return nil }
        members = node.members(Self.names)
    }

    /// `nil` also for `null`: no member of `_meta` has a meaning for it, and clients write out what they have not set.
    subscript(_ key: Key) -> JSONNode? {
        guard let node = members[key.rawValue], !node.isNull else { return nil }
        return node
    }
}
