// Takes payment methods and places orders.

import Storefront
import ToolSDK

struct CheckoutPack: ToolPack {
    static let id = "checkout"
    static let version = "1.0.0"
    static let description = "Keeps a customer's payment methods and places orders."
    static let tools = [
        PackTool<CheckoutPack> { AddPaymentMethod(methods: $0.methods) },
        PackTool<CheckoutPack> { Checkout(orders: $0.orders) },
    ]

    struct Configuration: Sendable {
        var stateDir: String
    }

    static let configuration = Schema<Configuration>.object(
        Property(
            "stateDir", \.stateDir, .string(length: 1...), environment: "STATE_DIR",
            "Folder of the embedded store, the same for all packs of the store"),
        make: Configuration.init)

    private let methods: PaymentMethods
    private let orders: Orders

    init(configuration: Configuration, host: HostLink) throws {
        // An order that was acknowledged must survive a power cut.
        let store = try Store(stateDirectory: configuration.stateDir, durability: .full)
        methods = PaymentMethods(store)
        orders = Orders(store)
    }
}

@c(tool_pack_entry_v1) public func packEntry() -> PackEntry { unsafe CheckoutPack.entry }
