// Fills carts and shows them. A cart belongs to the caller's principal.

import Storefront
import ToolSDK

struct CartPack: ToolPack {
    static let id = "cart"
    static let version = "1.1.0"
    static let description = "Fills a customer's cart and shows what it comes to."
    static let tools = [
        PackTool<CartPack> { $0.carts.tool(.addToCart, AddToCart.init) },
        PackTool<CartPack> { $0.carts.tool(.viewCart, ViewCart.init) },
    ]
    static let configuration = ShopConfiguration.schema

    private let carts: Backend<Carts>

    init(configuration: ShopConfiguration, host: HostLink) throws {
        carts = try Backend(configuration, host: host) { Carts($0) }
    }
}

@c(tool_pack_entry_v1) public func packEntry() -> PackEntry { unsafe CartPack.entry }
