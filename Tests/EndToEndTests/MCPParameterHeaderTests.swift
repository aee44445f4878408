// Arguments that are repeated in fields of the request (x-mcp-header), and must be repeated rightly.

import JSON
import Testing

@Suite("MCP parameter fields", .host(["parameter_headers"]))
struct MCPParameterHeaderTests {
    private static func call(_ arguments: JSONValue, _ fields: [(String, String)] = []) -> MCPPost {
        MCPPost.call("routed", arguments).with { post in
            for (name, value) in fields { post.fields.append(("Mcp-Param-" + name, value)) }
        }
    }

    private static func accepted(_ demand: String, _ arguments: JSONValue, _ fields: (String, String)...) -> MCPRow {
        MCPRow(demand, call(arguments, fields)) { $0.result?["structuredContent"] == arguments }
    }

    private static func refused(_ demand: String, _ arguments: JSONValue, _ fields: (String, String)...) -> MCPRow {
        MCPRow(demand, call(arguments, fields), 400, -32020)
    }

    static let acceptedRows: [MCPRow] = [
        accepted("a string", ["region": "eu-west"], ("Region", "eu-west")),
        accepted("an integer", ["count": 42], ("Count", "42")),
        accepted("a negative integer", ["count": -7], ("Count", "-7")),
        accepted("the greatest integer", ["count": 9_007_199_254_740_991], ("Count", "9007199254740991")),
        accepted("the least integer", ["count": -9_007_199_254_740_991], ("Count", "-9007199254740991")),
        accepted("integers are compared as numbers", ["count": 42], ("Count", "42.0")),
        accepted("in either direction", ["count": 42.0], ("Count", "42")),
        accepted("true", ["dry": true], ("Dry-Run", "true")),
        accepted("false", ["dry": false], ("Dry-Run", "false")),
        accepted("a property of a property", ["deep": ["tenant": "t1"]], ("Tenant", "t1")),
        accepted(
            "several", ["region": "a", "count": 1, "dry": true], ("Count", "1"), ("Region", "a"), ("Dry-Run", "true")),
        accepted("an empty string", ["region": ""], ("Region", "")),
        accepted("names are case-insensitive", ["dry": true], ("dry-RUN", "true")),
        accepted("whitespace around is trimmed", ["region": "a b"], ("Region", "  a b\t")),
        accepted("Base64 for what a field cannot carry", ["region": "Größe"], ("Region", "=?base64?R3LDtsOfZQ==?=")),
        accepted("Base64 for whitespace at the ends", ["region": " a "], ("Region", "=?base64?IGEg?=")),
        accepted("Base64 where it was not needed", ["region": "eu"], ("Region", "=?base64?ZXU=?=")),
        accepted(
            "a value that looks like Base64 is encoded itself", ["region": "=?base64?ZXU=?="],
            ("Region", "=?base64?PT9iYXNlNjQ/WlhVPT89?=")),
        accepted("no value and no field", [:]),
        accepted("other arguments need no field", ["plain": "a"]),
        accepted("fields that no property names do no harm", ["plain": "a"], ("Unknown", "b")),
        MCPRow("null counts as no value", call(["region": nil])) { $0.result?["structuredContent"] == [:] },
    ]

    @Test("Accepted", arguments: acceptedRows)
    func accepted(_ row: MCPRow) throws { try row.check(.current) }

    static let refusedRows: [MCPRow] = [
        refused("a value without its field", ["region": "eu"]),
        refused("one of two without its field", ["region": "eu", "count": 1], ("Region", "eu")),
        refused("a deep value without its field", ["deep": ["tenant": "t1"]]),
        refused("a field without a value", [:], ("Region", "eu")),
        refused("a field with null", ["region": nil], ("Region", "eu")),
        refused("a field beside an absent deep value", ["deep": [:]], ("Tenant", "t1")),
        refused("another value", ["region": "eu"], ("Region", "us")),
        refused("values are case-sensitive", ["region": "eu"], ("Region", "EU")),
        refused("another integer", ["count": 42], ("Count", "43")),
        refused("an integer that is none", ["count": 42], ("Count", "forty-two")),
        refused("a fraction", ["count": 42], ("Count", "42.5")),
        refused("another boolean", ["dry": true], ("Dry-Run", "false")),
        refused("booleans are lower case", ["dry": true], ("Dry-Run", "True")),
        refused("booleans are words", ["dry": true], ("Dry-Run", "1")),
        refused("Base64 of another value", ["region": "eu"], ("Region", "=?base64?dXM=?=")),
        refused("Base64 with a sign that is none", ["region": "eu"], ("Region", "=?base64?ZX*=?=")),
        refused("Base64 without its padding", ["region": "eu"], ("Region", "=?base64?ZXU?=")),
        refused("Base64 of bytes that are not UTF-8", ["region": "eu"], ("Region", "=?base64?/w==?=")),
        refused(
            "a value that looks like Base64, sent plain", ["region": "=?base64?ZXU=?="], ("Region", "=?base64?ZXU=?=")),
        refused("two fields that differ", ["region": "eu"], ("Region", "eu"), ("Region", "us")),
    ]

    @Test("Refused", arguments: refusedRows)
    func refused(_ row: MCPRow) throws { try row.check(.current) }

    @Test("Earlier revisions know no such fields", arguments: MCPName.legacy)
    func legacy(_ version: String) throws {
        let answer = try RunningHost.current.post(.call("routed", ["region": "eu", "count": 1], version: version))
        #expect(answer.result?["structuredContent"] == ["region": "eu", "count": 1])
    }

    @Test("The list tells clients which fields to send")
    func listed() throws {
        let answer = try RunningHost.current.post(.modern("tools/list"))
        let properties = answer.result?["tools"]?[0]?["inputSchema"]?["properties"]
        #expect(properties?["region"]?["x-mcp-header"] == "Region")
        #expect(properties?["deep"]?["properties"]?["tenant"]?["x-mcp-header"] == "Tenant")
    }
}
