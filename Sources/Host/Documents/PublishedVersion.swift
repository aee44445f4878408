// The version that documents state of the tools: another one as soon as anything that clients read of them is another.

import HostTools
import JSON

/// A version with a fingerprint of tools as build metadata (Semantic Versioning 2.0.0 section 10), such as
/// `0.1.0+9f86d081`.
///
/// It depends on what clients read of the tools and on nothing else: not on their order, not on where the host is
/// reached, and not on how callers prove who they are. So it stays the same over restarts and on every machine.
public struct PublishedVersion: Sendable, Hashable {
    public let text: String

    public init(_ version: String, tools: [ToolDescriptor]) {
        self.init(version, fingerprints: tools.map(Self.fingerprint))
    }

    /// - Parameter fingerprints: of each tool.
    init(_ version: String, fingerprints: [String]) {
        let all = ServedDocument.fingerprint(Array(fingerprints.sorted().joined().utf8))
        // FNV mixes its lower half best, and 32 bits are enough to tell a document from the one before it.
        text = version + (version.contains("+") ? "." : "+") + String(all.suffix(8))
    }

    /// A fingerprint of what clients read of a tool.
    static func fingerprint(of tool: ToolDescriptor) -> String {
        ServedDocument.fingerprint(published(tool).bytes())
    }

    private static func published(_ tool: ToolDescriptor) -> JSONValue {
        [
            "entry": ToolEntry.value(tool, securitySchemes: nil, structureIsAnyJSON: true),
            "summary": .string(tool.summary),
            "scopes": .array(tool.scopes.map { .string($0) }),
        ]
    }
}
