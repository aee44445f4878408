// The document as a whole: its golden files, and what importers rely on.

import JSON
import Testing

@testable import HostDocuments
@testable import HostMCP
@testable import HostTools

@Suite struct OpenAPIDocumentTests {
    let document: JSONValue

    init() throws {
        document = try OpenAPIDocument(tools: ShopTools.all, deployment: ShopTools.deployment).value
    }

    func operation(_ name: String) -> JSONValue? {
        document["paths"]?["/tools/\(name)"]?["post"]
    }

    /// The responses of an operation by status; those that stand elsewhere in the document are looked up there.
    func responses(_ name: String, _ document: JSONValue) -> [(status: String, response: JSONValue?)] {
        let responses = document["paths"]?["/tools/\(name)"]?["post"]?["responses"]?.object ?? [:]
        return responses.map { status, response in
            guard let reference = response["$ref"]?.string else { return (status, response) }
            return (status, JSONPointer(parsing: String(reference.dropFirst()))?.value(in: document))
        }
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
            let responses = responses(tool.name, document)
            #expect(responses.first?.status == "200")
            #expect(responses.first?.response?["content"]?.object?.keys == ["application/json"])
            #expect(responses.count > 10)
            for (status, response) in responses.dropFirst() {
                #expect(response?["content"]?.object?.keys == ["application/problem+json"], "\(status)")
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
        #expect(document["components"]?["responses"]?["Problem401"] == nil)
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

    @Test func descriptionSaysWhatAToolDoesAndMoreWhereItFits() throws {
        #expect(operation("add_to_cart")?["summary"] == "Add items to the shopping cart.")
        #expect(
            operation("add_to_cart")?["description"]
                == "Add items to the shopping cart.\n\nEach call adds once more.\n\nNothing is reserved before checkout."
        )
        var tool = ShopTools.tool("t", "T", "Short.", description: String(repeating: "é", count: 292))
        let fitting = try OpenAPIDocument(tools: [tool], deployment: ShopTools.deployment).value
        tool.description += "!"
        let tooLong = try OpenAPIDocument(tools: [tool], deployment: ShopTools.deployment).value
        #expect(fitting["paths"]?["/tools/t"]?["post"]?["description"]?.string?.unicodeScalars.count == 300)
        #expect(tooLong["paths"]?["/tools/t"]?["post"]?["description"] == "Short.")
    }

    @Test func everyAnswerTellsItsHeaders() {
        for tool in ShopTools.all {
            for (status, response) in responses(tool.name, document) {
                var expected = ["X-Request-Id"]
                if ["400", "401", "403"].contains(status) { expected.append("WWW-Authenticate") }
                if status == "503" { expected.append("Retry-After") }
                #expect(response?["headers"]?.object?.keys == expected, "\(tool.name) \(status)")
            }
        }
        #expect(
            document["components"]?["headers"]?.object?.keys == ["X-Request-Id", "Retry-After", "WWW-Authenticate"])
    }

    @Test(arguments: [
        ([SecurityScheme](), [String]()), ([.apiKey(header: "X-MCP-API-Key")], ["401"]),
        ([.bearer(format: nil), .apiKey(header: "X-MCP-API-Key")], ["400", "401", "403"]),
    ])
    func challengesAreToldWhereTheyAreSent(security: [SecurityScheme], statuses: [String]) throws {
        var deployment = ShopTools.deployment
        deployment.security = security
        let document = try OpenAPIDocument(tools: [ShopTools.all[0]], deployment: deployment).value
        let told = responses("search_products", document).filter { $0.response?["headers"]?["WWW-Authenticate"] != nil }
        #expect(told.map(\.status) == statuses)
        #expect((document["components"]?["headers"]?["WWW-Authenticate"] != nil) == !security.isEmpty)
    }

    /// Importers make arguments of parameters, and models fill them.
    @Test func keysOfRepetitionAreNoArguments() throws {
        for tool in ShopTools.all { #expect(operation(tool.name)?["parameters"] == nil) }
        let told = document["x-toolhost-request-headers"]?["Idempotency-Key"]
        #expect(told?["operations"] == ["add_to_cart", "checkout", "add_payment_method"])
        let reading = try OpenAPIDocument(tools: [ShopTools.all[0]], deployment: ShopTools.deployment).value
        #expect(reading["x-toolhost-request-headers"] == nil)
    }

    @Test func examplesOfTheRootAreAllTold() throws {
        let examples: JSONValue = [["a": 1], ["a": 2]]
        let schema: JSONValue = ["type": "object", "properties": [:], "examples": examples]
        let tool = ShopTools.tool("t", input: schema, output: schema)
        func contents(_ document: OpenAPIDocument) -> [JSONValue?] {
            let operation = document.value["paths"]?["/tools/t"]?["post"]
            return [operation?["requestBody"], operation?["responses"]?["200"]].map {
                $0?["content"]?["application/json"]
            }
        }
        let newer = try OpenAPIDocument(tools: [tool], deployment: ShopTools.deployment)
        for content in contents(newer) { #expect(content == ["schema": schema]) }
        let older = try OpenAPIDocument(tools: [tool], deployment: ShopTools.deployment, version: .v30)
        for content in contents(older) {
            #expect(content?["schema"]?["example"] == ["a": 1])
            #expect(content?["examples"] == ["1": ["value": ["a": 1]], "2": ["value": ["a": 2]]])
        }
        #expect(older.notExpressed == [])
        #expect(ToolEntry.value(tool, ShopTools.deployment, .modern)["inputSchema"]?["examples"] == examples)
    }

    @Test func oneExampleIsSaidOnce() throws {
        let tool = ShopTools.tool("t", input: ["type": "object", "examples": [["a": 1]]])
        let older = try OpenAPIDocument(tools: [tool], deployment: ShopTools.deployment, version: .v30)
        let content = older.value["paths"]?["/tools/t"]?["post"]?["requestBody"]?["content"]?["application/json"]
        #expect(content?.object?.keys == ["schema"] && content?["schema"]?["example"] == ["a": 1])
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
