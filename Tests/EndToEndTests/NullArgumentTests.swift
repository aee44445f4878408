// Nulls of clients that write out what they have not set: what may be left out counts as left out.

import JSON
import Testing

@Suite(
    "Null arguments",
    .host(
        PackSource.shop + ["good", "schema_references"],
        policies: ["schema_references": "tools: {schema_references: {scopes: []}}"]))
struct NullArgumentTests {
    private static let parcel = #"{"parcel":{"label":"A","parts":null,"sender":null},"kind":null,"weight":null}"#

    @Test("A null for what may be left out reaches no tool")
    func nulls() throws {
        let host = try RunningHost.current
        let answer = try host.call("schema_references", Self.parcel)
        #expect(answer.status == 200, "\(answer.text)")
        #expect(answer.text == #"{"parcel":{"label":"A"}}"#)
        let below = try host.call(
            "schema_references", #"{ "kind" : null, "parcel":{"parts":[{"label":"B","sender":null}],"label":"A"} }"#)
        #expect(below.text == #"{ "parcel":{"parts":[{"label":"B"}],"label":"A"} }"#)
        #expect(try host.call("echo", #"{"a":null,"b":[null]}"#).text == #"{"a":null,"b":[null]}"#)
    }

    @Test("A null for what is required, or is no member of an object, stays an error that says so")
    func requiredNulls() throws {
        let host = try RunningHost.current
        let answer = try host.call("schema_references", #"{"parcel":{"label":null,"sender":null},"kind":"huge"}"#)
        #expect(answer.status == 422)
        let errors = try #require(answer.problem?["errors"]?.array)
        #expect(errors.compactMap { $0["pointer"]?.string } == ["/parcel/label", "/kind"], "\(errors)")
        #expect(errors[0]["detail"]?.string?.contains("required, so that null does not count") == true, "\(errors)")
        for text in [
            #"{"parcel":{"label":"A","parts":[null]}}"#, #"{"parcel":null}"#, #"{"parcel":{"label":"A"},"x":null}"#,
        ] {
            #expect(try host.call("schema_references", text).status == 422, "\(text)")
        }
    }

    @Test("Over MCP in every revision as over REST", arguments: [MCPName.modern] + MCPName.legacy)
    func overMCP(_ version: String) throws {
        let host = try RunningHost.current
        let arguments = try JSONValue(parsing: Self.parcel)
        let answer = try host.post(.call("schema_references", arguments, version: version))
        #expect(answer.result?["structuredContent"] == ["parcel": ["label": "A"]], "\(answer.http.text)")
        let refused = try host.post(.call("schema_references", ["parcel": ["label": nil]], version: version))
        #expect(refused.isError && refused.text?.contains("required, so that null") == true, "\(refused.http.text)")
    }

    @Test("A call that is sent again with nulls, or without, is the same call")
    func idempotency() throws {
        let host = try RunningHost.current
        func add(_ text: String, _ key: String) throws -> HTTPResponse {
            try host.call("add_to_cart", text, ["openai-ephemeral-user-id": "nulls", "Idempotency-Key": key])
        }
        let first = try add(#"{"productCode":"milk-001","quantity":null}"#, "k1")
        #expect(first.status == 200, "\(first.text)")
        #expect(try add(#"{"productCode":"milk-001"}"#, "k1").text == first.text)
        #expect(try add(#"{"productCode":"milk-001","quantity":5}"#, "k1").status == 422)
        let cart = try host.call("view_cart", "", ["openai-ephemeral-user-id": "nulls"])
        #expect(cart.json?["summary"]?.string?.hasPrefix("1 item") == true, "\(cart.text)")
    }

    @Test("Many nulls in a large body are taken out at once")
    func large() throws {
        let part = #"{"label":"B","sender":null,"parts":null}"#
        let filler = String(repeating: #"{"x":null},"#, count: 5_000)
        let text = #"{"parcel":{"label":"A","parts":[\#(part),\#(part),\#(part)],"other":[\#(filler)1]}}"#
        let answer = try RunningHost.current.call("schema_references", text)
        #expect(answer.status == 200, "\(answer.text.prefix(300))")
        #expect(answer.json?["parcel"]?["parts"] == [["label": "B"], ["label": "B"], ["label": "B"]])
        #expect(answer.json?["parcel"]?["other"]?.array?.count == 5_001)
    }

    @Test("An operator who wants it strictly gets it, for all tools or for one")
    func strict() throws {
        let fixture: [PackSource] = ["good", "schema_references"]
        let scopes = "scopes: []"
        let hosts = [
            HostOptions(
                packs: fixture, policies: ["schema_references": "tools: {schema_references: {\(scopes)}}"],
                environment: ["TOOL_NULL_ARGUMENTS": "strict"]),
            HostOptions(
                packs: fixture,
                policies: ["schema_references": "tools: {schema_references: {\(scopes), null_arguments: strict}}"]),
        ]
        for options in hosts {
            try RunningHost.with(options) { host throws in
                let answer = try host.call("schema_references", Self.parcel)
                #expect(answer.status == 422)
                let errors = try #require(answer.problem?["errors"]?.array)
                #expect(errors.count == 4)
                for error in errors {
                    let detail = error["detail"]?.string ?? ""
                    #expect(
                        detail.contains("leave the member out")
                            && detail.contains("(TOOL_NULL_ARGUMENTS, or null_arguments in the pack's YAML, is strict)"),
                        "\(detail)")
                }
                #expect(try host.call("schema_references", "null").status == 400)
                #expect(try host.call("schema_references", #"{"parcel":{"label":"A"}}"#).status == 200)
            }
        }
        let back = HostOptions(
            packs: fixture,
            policies: ["schema_references": "tools: {schema_references: {\(scopes), null_arguments: absent}}"],
            environment: ["TOOL_NULL_ARGUMENTS": "strict"])
        try RunningHost.with(back) { host throws in
            #expect(try host.call("schema_references", Self.parcel).status == 200)
        }
    }
}
