// The data files that every pack carries, so that any one of them works alone.

import StorefrontData

extension DataFile {
    static var builtInProducts: DataFile {
        var size = 0
        let bytes = unsafe storefront_products(&size)
        return unsafe DataFile(
            name: "the built-in products.jsonl", bytes: [UInt8](UnsafeBufferPointer(start: bytes, count: size)))
    }

    static var builtInDeals: DataFile {
        var size = 0
        let bytes = unsafe storefront_deals(&size)
        return unsafe DataFile(
            name: "the built-in deals.jsonl", bytes: [UInt8](UnsafeBufferPointer(start: bytes, count: size)))
    }
}
