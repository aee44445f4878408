// Takes payment methods and places orders.

import Storefront
import ToolSDK

struct CheckoutPack: ToolPack {
    static let id = "checkout"
    static let version = "1.1.0"
    static let description = "Keeps a customer's payment methods and places orders."
    static let tools = [
        PackTool<CheckoutPack> { $0.store.tool(.addPayment) { AddPaymentMethod(methods: PaymentMethods($0)) } },
        PackTool<CheckoutPack> { $0.store.tool(.checkOut) { Checkout(orders: Orders($0)) } },
    ]
    static let configuration = ShopConfiguration.schema

    private let store: Backend<Store>

    init(configuration: ShopConfiguration, host: HostLink) throws {
        // An order that was acknowledged must survive a power cut.
        store = try Backend(configuration, host: host, durability: .full) { $0 }
    }
}

@c(tool_pack_entry_v1) public func packEntry() -> PackEntry { unsafe CheckoutPack.entry }
