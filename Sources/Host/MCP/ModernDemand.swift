// What a request of the modern era asks for, once it is checked: the value between its codec and whoever acts.

import JSON

/// Something that a client of the modern era wants done (2026-07-28).
enum ModernDemand: Sendable {
    /// Which versions and capabilities there are.
    case discover
    case list(cursor: String?)
    case call(CallDemand)
    /// To be told of changes.
    case listen(ListenFilter)

    /// A call asks for the scopes of its tool as well, and says so at once.
    var isCall: Bool {
        if case .call = self { true } else { false }
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
