// Tells the deals, and owns them: only this pack loads an operator's file of deals.

import Storefront
import ToolSDK

struct DealsPack: ToolPack {
    static let id = "deals"
    static let version = "1.1.0"
    static let description = "Tells the deals in force, which the cart applies by itself."
    static let tools = [
        PackTool<DealsPack> { $0.deals.tool(.getDeals, GetDeals.init) }
    ]

    struct Configuration: Sendable {
        var shop: ShopConfiguration
        var deals: String?
    }

    static let configuration = ShopConfiguration.schema(
        with: Property(
            "deals", \.deals, .string(length: 1...), path: .read,
            "File of deals, one JSON object a line, loaded when its content has changed; default: the built-in ones"),
        shop: \.shop, make: Configuration.init)

    private let deals: Backend<Deals>

    init(configuration: Configuration, host: HostLink) throws {
        deals = try Backend(configuration.shop, host: host) { store in
            do {
                try Catalogue.loadDeals(from: configuration.deals, into: store)
            } catch let error as DataFileError {
                // The store keeps the deals it had.
                host.log(.warning, "The file of deals was not loaded.", metadata: ["reason": "\(error)"])
            }
            return Deals(store)
        }
    }
}

@c(tool_pack_entry_v1) public func packEntry() -> PackEntry { unsafe DealsPack.entry }
