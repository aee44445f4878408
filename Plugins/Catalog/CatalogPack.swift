// Finds products, and owns the catalog: only this pack loads an operator's product file.

import Storefront
import ToolSDK

struct CatalogPack: ToolPack {
    static let id = "catalog"
    static let version = "1.0.0"
    static let description = "Finds products in the store's catalog."
    static let tools = [
        PackTool<CatalogPack> { SearchProducts(catalogue: $0.catalogue) }
    ]

    struct Configuration: Sendable {
        var stateDir: String
        var products: String?
    }

    static let configuration = Schema<Configuration>.object(
        Property(
            "stateDir", \.stateDir, .string(length: 1...), environment: "STATE_DIR",
            "Folder of the embedded store, the same for all packs of the store"),
        Property(
            "products", \.products, .string(length: 1...),
            "File of products, one JSON object a line, loaded when its content has changed; default: the built-in ones"),
        make: Configuration.init)

    private let catalogue: CatalogueFollower

    init(configuration: Configuration, host: HostLink) throws {
        let store = try Store(stateDirectory: configuration.stateDir)
        do {
            try Catalogue.loadProducts(from: configuration.products, into: store)
        } catch let error as DataFileError {
            // The store goes on selling what it had.
            host.log(.warning, "The product file was not loaded.", metadata: ["reason": "\(error)"])
        }
        catalogue = try CatalogueFollower(
            store,
            onError: { error in
                host.log(.warning, "The catalog could not be refreshed.", metadata: ["reason": "\(error)"])
            })
    }

    func stop() {
        catalogue.stop()
    }
}

@c(tool_pack_entry_v1) public func packEntry() -> PackEntry { unsafe CatalogPack.entry }
