// What an operator may configure for every pack of the shop.

import ToolSDK

package struct ShopConfiguration: Sendable {
    /// Who does the work.
    package enum Choice: String, Sendable, CaseIterable {
        case embedded, agents
    }

    /// The folder of the embedded store, absolute where a host gave it.
    package let storeDir: String
    /// `nil`: the agents where there is a URL of theirs, else the embedded store.
    package let backend: Choice?
    package let agentsURL: String?

    package init(storeDir: String, backend: Choice? = nil, agentsURL: String? = nil) {
        self.storeDir = storeDir
        self.backend = backend
        self.agentsURL = agentsURL
    }

    /// For a pack that has nothing more to configure.
    package static let schema = Schema<ShopConfiguration>.object(
        storeDir { $0 }, backend { $0 }, agentsURL { $0 },
        make: { ShopConfiguration(storeDir: $0, backend: $1, agentsURL: $2) })

    /// For a pack that has one thing more to configure.
    package static func schema<Configuration, Member>(
        with property: Property<Configuration, Member>, shop: @escaping @Sendable (Configuration) -> ShopConfiguration,
        make: @escaping @Sendable (ShopConfiguration, Member) -> Configuration
    ) -> Schema<Configuration> {
        .object(
            storeDir(shop), backend(shop), agentsURL(shop), property,
            make: { make(ShopConfiguration(storeDir: $0, backend: $1, agentsURL: $2), $3) })
    }

    /// The agents that do the work; `nil`: the embedded store does.
    ///
    /// - Throws: ``ToolError`` when they should and cannot, with the way out.
    var agents: AgentsAPI? {
        get throws(ToolError) {
            switch (backend, agentsURL) {
            case (.embedded, _), (nil, nil): nil
            case (.agents, nil):
                throw .invalid("The pack's file says backend: agents, but neither NEXTJS_URL nor agentsUrl says where.")
            case (_, let url?): try AgentsAPI(url: url)
            }
        }
    }

    private static func storeDir<Configuration>(
        _ shop: @escaping @Sendable (Configuration) -> ShopConfiguration
    ) -> Property<Configuration, String> {
        Property(
            "storeDir", { shop($0).storeDir }, .string(length: 1...), default: "storefront", environment: "STORE_DIR",
            path: .readWrite, "Folder of the embedded store, the same for all packs of the store")
    }

    private static func backend<Configuration>(
        _ shop: @escaping @Sendable (Configuration) -> ShopConfiguration
    ) -> Property<Configuration, Choice?> {
        Property(
            "backend", { shop($0).backend }, .enumeration(),
            "Who does the work: the embedded store, or the shop's agents; default: the agents when NEXTJS_URL is set")
    }

    private static func agentsURL<Configuration>(
        _ shop: @escaping @Sendable (Configuration) -> ShopConfiguration
    ) -> Property<Configuration, String?> {
        Property(
            "agentsUrl", { shop($0).agentsURL }, .string(length: 1...), environment: "NEXTJS_URL",
            "URL of the agents API, at an origin that the pack may reach")
    }
}
