// Fills carts and shows them. A cart belongs to the caller's principal.

import Storefront
import ToolSDK

struct CartPack: ToolPack {
    static let id = "cart"
    static let version = "1.0.0"
    static let description = "Fills a customer's cart and shows what it comes to."
    static let tools = [
        PackTool<CartPack> { AddToCart(carts: $0.carts) },
        PackTool<CartPack> { ViewCart(carts: $0.carts) },
    ]

    struct Configuration: Sendable {
        var stateDir: String
    }

    static let configuration = Schema<Configuration>.object(
        Property(
            "stateDir", \.stateDir, .string(length: 1...), environment: "STATE_DIR",
            "Folder of the embedded store, the same for all packs of the store"),
        make: Configuration.init)

    private let carts: Carts

    init(configuration: Configuration, host: HostLink) throws {
        carts = Carts(try Store(stateDirectory: configuration.stateDir))
    }
}

@c(tool_pack_entry_v1) public func packEntry() -> PackEntry { unsafe CartPack.entry }
