// A tool as a pack described it: plain values copied out of the ABI, the only source of every document.

import JSON

/// What the author of a tool states about its effects. One of each pair of ABI flags is set, so each is a plain yes or
/// no.
package struct ToolHints: Sendable, Hashable {
    /// Changes nothing that anybody can see.
    package var isReadOnly: Bool
    /// May remove or replace something.
    package var isDestructive: Bool
    /// The same call again changes nothing more.
    package var isIdempotent: Bool
    /// Reaches beyond this deployment.
    package var isOpenWorld: Bool

    package init(isReadOnly: Bool, isDestructive: Bool, isIdempotent: Bool, isOpenWorld: Bool) {
        self.isReadOnly = isReadOnly
        self.isDestructive = isDestructive
        self.isIdempotent = isIdempotent
        self.isOpenWorld = isOpenWorld
    }
}

/// One tool of one pack, after the operator's policy has been applied.
package struct ToolDescriptor: Sendable {
    /// `[A-Za-z0-9_]{1,64}`, unique in a deployment.
    package var name: String
    package var title: String
    /// At most 300 characters.
    package var summary: String
    /// As long as a model needs; never empty (the summary serves where the pack gave none).
    package var description: String
    /// JSON Schema 2020-12, root `type: object`.
    package var inputSchema: JSONValue
    /// JSON Schema 2020-12 of a successful result.
    package var outputSchema: JSONValue
    /// The descriptor's open `meta` object; `.object([])` where it gave none.
    package var meta: JSONValue
    /// OAuth scopes that a caller needs, all of them.
    package var scopes: [String]
    package var hints: ToolHints
    /// Id of the pack that brought the tool.
    package var packID: String

    package init(
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
    package var tags: [String] {
        (meta["tags"]?.array ?? []).compactMap(\.string)
    }

    /// Whether a text may be a tool's name.
    package static func isName(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                byte == UInt8(ascii: "_") || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF)
            }
    }
}
