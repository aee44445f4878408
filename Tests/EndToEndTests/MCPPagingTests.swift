// A list that does not fit one page.

import JSON
import Testing

@Suite(
    "MCP pages",
    .host(
        ["many_tools", "good"],
        policies: ["good": "tools: {echo: {scopes: [orders:write]}, echo_worker: {scopes: [orders:read]}}"]))
struct MCPPagingTests {
    private static func list(_ version: String, _ cursor: JSONValue?) -> MCPPost {
        let params: JSONObject = cursor.map { ["cursor": $0] } ?? [:]
        return version == MCPName.modern
            ? .modern("tools/list", params)
            : .legacy("tools/list", params, version: version)
    }

    /// The names of all pages, and the cursors between them.
    private func walk(_ host: RunningHost, _ version: String) throws -> (
        names: [String], cursors: [JSONValue], scopes: Set<JSONValue?>
    ) {
        var (names, cursors): ([String], [JSONValue]) = ([], [])
        var scopes: Set<JSONValue?> = []
        repeat {
            let result = try #require(try host.post(Self.list(version, cursors.last)).result)
            names += try #require(result["tools"]?.array).compactMap { $0["name"]?.string }
            scopes.insert(result["cacheScope"])
            guard let cursor = result["nextCursor"] else { break }
            #expect(cursor.string != nil)
            cursors.append(cursor)
        } while cursors.count < 400
        return (names, cursors, scopes)
    }

    @Test("The pages hold every tool once, in one order", arguments: [MCPName.modern, "2025-11-25", "2025-03-26"])
    func pages(_ version: String) throws {
        let host = try RunningHost.current
        let first = try walk(host, version)
        #expect(!first.cursors.isEmpty && Set(first.cursors).count == first.cursors.count)
        let many = (0..<300).map { "many_" + String(1000 + $0).dropFirst() }
        #expect(first.names.filter { $0.hasPrefix("many_") } == many)
        #expect(Set(first.names).count == first.names.count && first.names.count == 305)
        #expect(try walk(host, version).names == first.names)
        #expect(first.scopes.count == 1)
    }

    @Test("A cursor of a caller who sees more leads nowhere", arguments: [MCPName.modern, "2025-06-18"])
    func cursorOfAnother(_ version: String) throws {
        let host = try RunningHost.current
        let less = (name: "Authorization", value: "Bearer " + (try host.newToken(scope: "orders:read")))
        func answer(_ cursor: JSONValue?, _ credential: (name: String, value: String)?) throws -> MCPAnswer {
            try host.post(Self.list(version, cursor).with { $0.credential = credential })
        }
        let cursor = try #require(try answer(nil, nil).result?["nextCursor"])
        #expect(try answer(cursor, nil).result != nil)
        #expect(try answer(cursor, less).code == -32602)
        let own = try #require(try answer(nil, less).result?["nextCursor"])
        #expect(try answer(own, less).result != nil)
    }

    @Test(
        "A cursor that is none is refused",
        arguments: [
            "no!", "-1", "999999", .string(String(repeating: "A", count: 2000)), 7, true, [1], "../../etc",
        ] as [JSONValue])
    func wrongCursor(_ cursor: JSONValue) throws {
        let host = try RunningHost.current
        let modern = try host.post(Self.list(MCPName.modern, cursor))
        #expect(modern.status == 400 && modern.code == -32602, "\(modern.http.text)")
        let legacy = try host.post(Self.list("2025-06-18", cursor))
        #expect(legacy.status == 200 && legacy.code == -32602, "\(legacy.http.text)")
    }
}
