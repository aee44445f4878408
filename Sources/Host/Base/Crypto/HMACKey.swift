// Signatures of the host for itself: what comes back from a client is what was given to it.

/// A key of HMAC-SHA256 (RFC 2104, RFC 6234 section 8.3).
public struct HMACKey: Sendable {
    /// Bytes of a signature.
    public static let length = 32
    private static let blockLength = 64

    private let inner: [UInt8]
    private let outer: [UInt8]

    public init(_ key: [UInt8]) {
        var block = key.count > Self.blockLength ? Digest.sha256.hash(key) : key
        block += Array(repeating: 0, count: Self.blockLength - block.count)
        inner = block.map { $0 ^ 0x36 }
        outer = block.map { $0 ^ 0x5C }
    }

    public func authenticate(_ message: [UInt8]) -> [UInt8] {
        Digest.sha256.hash(outer + Digest.sha256.hash(inner + message))
    }
}
