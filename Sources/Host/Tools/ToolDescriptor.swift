// A tool as a pack described it: plain values copied out of the ABI, the only source of every document.

import JSON

/// What the author of a tool states about its effects. One of each pair of ABI flags is set, so each is a plain yes or
/// no.
public struct ToolHints: Sendable, Hashable {
    /// Changes nothing that anybody can see.
    public var isReadOnly: Bool
    /// May remove or replace something.
    public var isDestructive: Bool
    /// The same call again changes nothing more.
    public var isIdempotent: Bool
    /// Reaches beyond this deployment.
    public var isOpenWorld: Bool

    public init(isReadOnly: Bool, isDestructive: Bool, isIdempotent: Bool, isOpenWorld: Bool) {
        self.isReadOnly = isReadOnly
        self.isDestructive = isDestructive
        self.isIdempotent = isIdempotent
        self.isOpenWorld = isOpenWorld
    }
}

/// One tool of one pack, after the operator's policy has been applied.
public struct ToolDescriptor: Sendable {
    /// `[A-Za-z0-9_]{1,64}`, unique in a deployment.
    public var name: String
    public var title: String
    /// At most 300 characters.
    public var summary: String
    /// As long as a model needs; never empty (the summary serves where the pack gave none).
    public var description: String
    /// JSON Schema 2020-12, root `type: object`.
    public var inputSchema: JSONValue
    /// JSON Schema 2020-12 of a successful result.
    public var outputSchema: JSONValue
    /// The descriptor's open `meta` object; `.object([])` where it gave none.
    public var meta: JSONValue
    /// OAuth scopes that a caller needs, all of them.
    public var scopes: [String]
    public var hints: ToolHints
    /// Id of the pack that brought the tool.
    public var packID: String

    public init(
        name: String, title: String, summary: String, description: String, inputSchema: JSONValue,
        outputSchema: JSONValue, meta: JSONValue, scopes: [String], hints: ToolHints, packID: String
    ) {
        self.name = name
        self.title = title
        self.summary = summary
        self.description = description
        self.inputSchema = inputSchema
        self.outputSchema = outputSchema
        self.meta = meta
        self.scopes = scopes
        self.hints = hints
        self.packID = packID
    }

    /// The strings under `meta.tags`, for grouping in documents.
    public var tags: [String] {
        (meta["tags"]?.array ?? []).compactMap(\.string)
    }

    /// Whether a text may be a tool's name.
    public static func isName(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                byte == UInt8(ascii: "_") || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF)
            }
    }
}
