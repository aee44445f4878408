// A tool as a pack described it: plain values copied out of the ABI, the only source of every document.

import JSON

/// What the author of a tool states about its effects. One of each pair of ABI flags is set, so each is a plain yes or
/// no.
struct ToolHints: Sendable, Hashable {
    /// Changes nothing that anybody can see.
    var isReadOnly: Bool
    /// May remove or replace something.
    var isDestructive: Bool
    /// The same call again changes nothing more.
    var isIdempotent: Bool
    /// Reaches beyond this deployment.
    var isOpenWorld: Bool
}

/// One tool of one pack, after the operator's policy has been applied.
struct ToolDescriptor: Sendable {
    /// `[A-Za-z0-9_]{1,64}`, unique in a deployment.
    var name: String
    var title: String
    /// At most 300 characters.
    var summary: String
    /// As long as a model needs; never empty (the summary serves where the pack gave none).
    var description: String
    /// JSON Schema 2020-12, root `type: object`.
    var inputSchema: JSONValue
    /// JSON Schema 2020-12 of a successful result.
    var outputSchema: JSONValue
    /// The descriptor's open `meta` object; `.object([])` where it gave none.
    var meta: JSONValue
    /// OAuth scopes that a caller needs, all of them.
    var scopes: [String]
    var hints: ToolHints
    /// Id of the pack that brought the tool.
    var packID: String

    /// The strings under `meta.tags`, for grouping in documents.
    var tags: [String] {
        (meta["tags"]?.array ?? []).compactMap(\.string)
    }

    /// Whether a text may be a tool's name.
    static func isName(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                byte == UInt8(ascii: "_") || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF)
            }
    }
}
