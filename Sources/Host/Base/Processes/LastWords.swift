// What a process wrote to standard error before it ended: kept in memory while it lives, since most ends are expected
// and nobody reads what was said before them.

/// The end of what was written, within a limit; takes memory as it is written to.
public struct LastWords: Sendable {
    /// In bytes.
    public static let limit = 64 << 10

    private var ring: [UInt8] = []
    /// Where the next byte goes once the ring is full: the oldest is there.
    private var next = 0

    public init() {}

    public var isEmpty: Bool { ring.isEmpty }

    /// From the oldest to the latest.
    public var bytes: [UInt8] { Array(ring[next...] + ring[..<next]) }

    public mutating func append(_ more: some Collection<UInt8>) {
        var rest = more.suffix(Self.limit)
        let room = Self.limit - ring.count
        ring.append(contentsOf: rest.prefix(room))
        rest = rest.dropFirst(room)
        for byte in rest {
            ring[next] = byte
            next = next + 1 == Self.limit ? 0 : next + 1
        }
    }
}
