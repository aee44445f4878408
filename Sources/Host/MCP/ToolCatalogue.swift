// The answers to `tools/list`, made once for a snapshot and each set of tools that some callers may see.

import HostBase
import HostDocuments
import HostTools
import JSON
import Synchronization

/// The tools of a snapshot as MCP lists them, in the order of every other document.
public final class ToolCatalogue: Sendable {
    /// Tools by their place in the snapshot.
    struct Visibility: Sendable, Hashable {
        private var words: [UInt64]

        init(count: Int, _ isVisible: (Int) -> Bool) {
            words = Array(repeating: 0, count: (count + 63) / 64)
            for index in 0..<count where isVisible(index) { words[index / 64] |= 1 << UInt64(index % 64) }
        }

        func contains(_ index: Int) -> Bool { words[index / 64] & 1 << UInt64(index % 64) != 0 }
    }

    private struct Key: Hashable {
        var visibility: Visibility
        var era: ProtocolVersion.Era
    }

    /// Results by the cursor that leads to each.
    private typealias Pages = [String: [UInt8]]

    /// How long a client may keep a list: a change is told to those who listen, the others ask again.
    static let timeToLive: Int64 = 5 * 60 * 1000

    /// Names of header fields that browsers have to be allowed to send.
    public let headerFields: [String]
    private let entries: [ToolEntries]
    private let parameters: [String: [HeaderParameter]]
    private let pageSize: Int
    private let cacheScope: String
    private let serverInfo: JSONValue
    private let pages = Mutex(KeptSets<Key, Pages>())

    /// - Parameters:
    ///   - pageSize: tools on one page, at least 1.
    ///   - isPublic: whether every caller sees the same, so that shared caches may keep it.
    init(tools: [ToolDescriptor], deployment: Deployment, pageSize: Int, isPublic: Bool, serverInfo: JSONValue) {
        entries = tools.map { ToolEntries($0, deployment: deployment) }
        self.pageSize = max(1, pageSize)
        self.serverInfo = serverInfo
        cacheScope = isPublic ? "public" : "private"
        var parameters: [String: [HeaderParameter]] = [:]
        for tool in tools {
            // A tool with an annotation that is wrong was refused when its pack was loaded.
            guard let found = try? HeaderParameter.all(in: tool.inputSchema, tool: tool.name), !found.isEmpty else {
                continue
            }
            parameters[tool.name] = found
        }
        self.parameters = parameters
        headerFields = Set(parameters.values.joined().map { "mcp-param-\($0.field)" }).sorted()
    }

    /// Whether both have the same tools, in the same words and order: whoever is shown the same ones finds the same
    /// list.
    func lists(theSameAs other: ToolCatalogue) -> Bool {
        entries == other.entries && pageSize == other.pageSize
    }

    /// The arguments of a tool that have to be repeated in the head.
    func headerParameters(of tool: String) -> [HeaderParameter] {
        parameters.isEmpty ? [] : parameters[tool] ?? []
    }

    /// The `result` of `tools/list`.
    ///
    /// - Parameter cursor: `nil` or empty for the first page.
    /// - Throws: `invalidParams` for a cursor that this list did not give out.
    func page(_ cursor: String?, for visibility: Visibility, _ era: ProtocolVersion.Era) throws(RPCError) -> [UInt8] {
        guard let page = allPages(Key(visibility: visibility, era: era))[cursor ?? ""] else {
            throw RPCError(.invalidParams, "params.cursor is none that this list gave out; begin again without one.")
        }
        return page
    }

    private func allPages(_ key: Key) -> Pages {
        if let known = pages.withLock({ $0[key] }) { return known }
        let made = make(key)
        pages.withLock { $0.keep(made, for: key) }
        return made
    }

    private func make(_ key: Key) -> Pages {
        let visible = entries.indices.filter(key.visibility.contains).map { entries[$0].bytes(key.era) }
        // A cursor means nothing in another list than its own, and a list that changed is another one.
        let fingerprint = ServedDocument.fingerprint(Array(visible.joined()))
        func cursor(_ start: Int) -> String {
            start == 0 ? "" : Base64.url.encode(Array("\(start).\(fingerprint)".utf8))
        }
        var pages: Pages = [:]
        for start in stride(from: 0, to: max(visible.count, 1), by: pageSize) {
            let end = min(start + pageSize, visible.count)
            var writer = JSONWriter(reservingCapacity: 4096)
            writer.beginObject()
            writer.key("tools")
            writer.beginArray()
            for entry in visible[start..<end] { writer.raw(entry) }
            writer.endArray()
            if end < visible.count {
                writer.key("nextCursor")
                writer.string(cursor(end))
            }
            if key.era.row.resultsStandAlone {
                writer.key("ttlMs")
                writer.integer(Self.timeToLive)
                writer.key("cacheScope")
                writer.string(cacheScope)
                writer.key("resultType")
                writer.string("complete")
                writer.key("_meta")
                writer.value(JSONValue([MetaKey.serverInfo: serverInfo]))
            }
            writer.endObject()
            pages[cursor(start)] = writer.finish()
        }
        return pages
    }
}
