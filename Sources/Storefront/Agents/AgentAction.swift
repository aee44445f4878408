// Which agent does what: the table of the agents API.

/// One thing that an agent can be asked to do.
package struct AgentAction: Sendable, Hashable {
    /// The last part of the path.
    package let agent: String
    /// What the request's `action` says.
    package let name: String

    package static let searchCatalog = AgentAction(agent: "catalog", name: "search")
    package static let addToCart = AgentAction(agent: "cart", name: "add")
    package static let viewCart = AgentAction(agent: "cart", name: "view")
    package static let checkOut = AgentAction(agent: "cart", name: "checkout")
    package static let addPayment = AgentAction(agent: "payment", name: "add")
    package static let getDeals = AgentAction(agent: "deals", name: "get")
}
