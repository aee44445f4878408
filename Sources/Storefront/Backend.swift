// Where a pack of the shop answers from: its own store, or the shop's agents. Chosen when the pack starts.

import ToolSDK

/// What stands behind a pack's tools.
///
/// - Parameter Shop: What the tools need where the embedded store does the work.
package enum Backend<Shop: Sendable>: Sendable {
    case embedded(Shop)
    case agents(AgentsAPI)

    /// Opens the store, or has the host watch the agents' health. A pack whose work others do opens no store.
    ///
    /// - Parameter shop: Makes what the tools need of the store.
    /// - Throws: ``ToolError`` when the configuration names no agents, or the host may not reach them, and where the
    ///   store of an earlier release is not moved yet; what the store and `shop` throw.
    package init(
        _ configuration: ShopConfiguration, host: HostLink, durability: Durability = .normal,
        shop: (Store) throws -> Shop
    ) throws {
        if let agents = try configuration.agents {
            try host.watch(health: agents.health)
            self = .agents(agents)
        } else {
            if let earlier = EarlierStore(beside: configuration.storeDir) { throw ToolError.invalid(earlier.words) }
            let store = try Store(directory: configuration.storeDir, durability: durability) {
                host.log($0, $1, metadata: $2)
            }
            self = .embedded(try shop(store))
        }
    }

    /// What the embedded store's tools need; `nil` where the agents do the work.
    package var shop: Shop? { if case .embedded(let shop) = self { shop } else { nil } }

    /// A tool over the store, or the agent that does its work.
    ///
    /// - Parameter make: Makes the tool of what ``init(_:host:durability:shop:)`` made.
    package func tool<T: ToolDefinition>(
        _ action: AgentAction, _ make: (Shop) -> T
    ) -> EitherTool<T, ForwardedTool<T>> {
        switch self {
        case .embedded(let shop): .here(make(shop))
        case .agents(let agents): .elsewhere(ForwardedTool(action, of: agents))
        }
    }
}
