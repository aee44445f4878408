// Finds products, and owns the catalog: only this pack loads an operator's product file.

import Storefront
import ToolSDK

struct CatalogPack: ToolPack {
    static let id = "catalog"
    static let version = "2.0.0"
    static let description = "Finds products in the store's catalog."
    static let tools = [
        PackTool<CatalogPack> { $0.catalogue.tool(.searchCatalog, SearchProducts.init) }
    ]

    struct Configuration: Sendable {
        var shop: ShopConfiguration
        var products: String?
    }

    static let configuration = ShopConfiguration.schema(
        with: Property(
            "products", \.products, .string(length: 1...), path: .read,
            "File of products, one JSON object a line, loaded when its content has changed; default: the built-in ones"),
        shop: \.shop, make: Configuration.init)

    private let catalogue: Backend<CatalogueFollower>

    init(configuration: Configuration, host: HostLink) throws {
        catalogue = try Backend(configuration.shop, host: host) { store in
            do {
                try Catalogue.loadProducts(from: configuration.products, into: store)
            } catch let error as DataFileError {
                // The store goes on selling what it had.
                host.log(.warning, "The product file was not loaded.", metadata: ["reason": "\(error)"])
            }
            return try CatalogueFollower(
                store,
                onError: { error in
                    host.log(.warning, "The catalog could not be refreshed.", metadata: ["reason": "\(error)"])
                })
        }
    }

    func stop() {
        catalogue.shop?.stop()
    }
}

@c(tool_pack_entry_v1) public func packEntry() -> PackEntry { unsafe CatalogPack.entry }
