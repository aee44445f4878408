// How long what a pack says of itself may be: the numbers that `tool_abi.h` states, in one place.

/// In bytes, where nothing else is said. Texts for clients have limits of their own, in characters (`OpenAILimits`).
enum ABIBounds {
    static let id = 64
    static let version = 200
    static let packDescription = 4_000
    static let name = 64
    static let title = 1_000
    /// Far beyond what is taken, so that the limit in characters is the one that is told.
    static let summary = 1 << 16
    static let description = 1 << 18
    /// A schema: that of arguments, of results or of the configuration.
    static let schema = 1 << 20
    static let meta = 1 << 20
    static let scope = 256
    /// Items of any list.
    static let items = 1_000
    /// Tools of one pack.
    static let tools = 1_000
}
