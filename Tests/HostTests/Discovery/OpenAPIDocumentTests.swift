// The document as a whole: its golden files, and what importers rely on.

import JSONSchema
import Testing

@testable import ToolHost

@Suite struct OpenAPIDocumentTests {
    let document: JSONValue

    init() throws {
        document = try OpenAPIDocument(tools: ShopTools.all, deployment: ShopTools.deployment).value
    }

    func operation(_ name: String) -> JSONValue? {
        document["paths"]?["/tools/\(name)"]?["post"]
    }

    @Test func isLikeItsGoldenFile() throws {
        try expectGolden(document, "openapi-3.1.json")
    }

    @Test func olderVersionIsLikeItsGoldenFile() throws {
        let older = try OpenAPIDocument(tools: ShopTools.all, deployment: ShopTools.deployment, version: .v30)
        try expectGolden(older.value, "openapi-3.0.json")
        #expect(
            older.notExpressed.map(\.keyword)
                == ["dependentRequired", "examples", "examples", "patternProperties", "prefixItems"])
        #expect(danglingReferences(in: older.value).dangling == [])
    }

    @Test func everyReferenceResolves() {
        let (dangling, count) = danglingReferences(in: document)
        #expect(dangling == [])
        #expect(count > ShopTools.all.count * 11)
    }

    @Test func toolsStandInTheGivenOrder() throws {
        let reversed = try OpenAPIDocument(tools: ShopTools.all.reversed(), deployment: ShopTools.deployment).value
        #expect(document["paths"]?.object?.keys == ShopTools.all.map { "/tools/\($0.name)" })
        #expect(reversed["paths"]?.object?.keys == ShopTools.all.reversed().map { "/tools/\($0.name)" })
    }

    @Test func equalInputGivesEqualBytes() throws {
        let again = try OpenAPIDocument(tools: ShopTools.all, deployment: ShopTools.deployment)
        #expect(again.bytes == document.bytes())
    }

    @Test func successStandsFirstAndIsPlainJSON() {
        for tool in ShopTools.all {
            let responses = operation(tool.name)?["responses"]?.object
            #expect(responses?.keys.first == "200")
            #expect(responses?["200"]?["content"]?.object?.keys == ["application/json"])
            for status in responses?.keys.dropFirst() ?? [] {
                #expect(responses?[status]?["content"]?.object?.keys == ["application/problem+json"])
            }
        }
    }

    @Test func onlyWhatChangesSomethingIsConsequential() {
        #expect(operation("search_products")?["x-openai-isConsequential"] == false)
        #expect(operation("checkout")?["x-openai-isConsequential"] == true)
    }

    @Test func securityNamesTheScopesOfEachTool() {
        #expect(operation("view_cart")?["security"] == [["oauth2": ["tools:call"]], ["bearer": []]])
        #expect(operation("checkout")?["security"] == [["oauth2": ["tools:call", "orders:write"]], ["bearer": []]])
        let flow = document["components"]?["securitySchemes"]?["oauth2"]?["flows"]?["clientCredentials"]
        #expect(flow?["tokenUrl"] == "https://login.example.com/token")
        #expect(flow?["scopes"] == ["tools:call": "Needed by every call.", "orders:write": "Needed by checkout."])
    }

    @Test func openDeploymentHasNoSecurity() throws {
        var open = ShopTools.deployment
        open.security = []
        let document = try OpenAPIDocument(tools: ShopTools.all, deployment: open).value
        #expect(document["components"]?["securitySchemes"] == nil)
        #expect(document["paths"]?["/tools/checkout"]?["post"]?["security"] == nil)
        #expect(document["paths"]?["/tools/checkout"]?["post"]?["responses"]?["401"] == nil)
    }

    @Test func apiKeyTravelsInItsHeader() throws {
        var keyed = ShopTools.deployment
        keyed.security = [.apiKey(header: "X-MCP-API-Key")]
        let document = try OpenAPIDocument(tools: ShopTools.all, deployment: keyed).value
        #expect(
            document["components"]?["securitySchemes"]
                == ["apiKey": ["type": "apiKey", "in": "header", "name": "X-MCP-API-Key"]])
    }

    @Test func everyObjectSchemaHasProperties() {
        func walk(_ value: JSONValue, _ place: String) {
            if value["type"] == "object" { #expect(value["properties"]?.object != nil, "\(place)") }
            for (key, member) in value.object ?? [:] { walk(member, "\(place)/\(key)") }
            for (index, element) in (value.array ?? []).enumerated() { walk(element, "\(place)/\(index)") }
        }
        walk(document, "")
    }

    @Test func longDescriptionGivesWayToTheSummary() throws {
        var tool = ShopTools.tool("t", "T", "Short.")
        tool.description = String(repeating: "é", count: 300)
        let fitting = try OpenAPIDocument(tools: [tool], deployment: ShopTools.deployment).value
        tool.description += "!"
        let tooLong = try OpenAPIDocument(tools: [tool], deployment: ShopTools.deployment).value
        #expect(fitting["paths"]?["/tools/t"]?["post"]?["description"]?.string?.count == 300)
        #expect(tooLong["paths"]?["/tools/t"]?["post"]?["description"] == "Short.")
    }

    @Test func noToolsAreADocumentToo() throws {
        let empty = try OpenAPIDocument(tools: [], deployment: ShopTools.deployment).value
        #expect(empty["paths"] == [:])
        #expect(empty["tags"] == [])
    }

    @Test(arguments: [("3.1", "3.1.0"), ("3.1.0", "3.1.0"), ("3.0", "3.0.3"), ("3.0.3", "3.0.3")])
    func versionIsReadFromTheQuery(query: String, version: String) {
        #expect(OpenAPIDocument.Version(query: query)?.rawValue == version)
    }

    @Test(arguments: ["", "2.0", "3", "3.2"])
    func unknownVersionIsRefused(query: String) {
        #expect(OpenAPIDocument.Version(query: query) == nil)
    }
}
