// How much a document may ask of the parser, so that hostile input is refused before it costs anything.

/// Bounds on what the parser accepts; RFC 8259 section 9 leaves them to the implementation.
public struct JSONLimits: Sendable, Hashable {
    /// Arrays and objects inside each other; values above 512 count as 512, because reading recurses.
    public var depth: Int
    /// Bytes of text; values above 1 GiB count as 1 GiB, because positions are kept in 32 bits.
    public var maximumBytes: Int

    public init(depth: Int = 64, maximumBytes: Int = 64 << 20) {
        self.depth = depth
        self.maximumBytes = maximumBytes
    }

    package var effectiveDepth: Int { min(max(depth, 0), 512) }
    package var effectiveBytes: Int { min(max(maximumBytes, 0), 1 << 30) }
}
