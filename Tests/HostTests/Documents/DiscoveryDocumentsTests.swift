// All documents of a deployment together, and the parts of the OpenAPI document.

import JSON
import Testing

@testable import HostDocuments
@testable import HostTools

@Suite struct DiscoveryDocumentsTests {
    let documents: DiscoveryDocuments

    init() throws {
        documents = try DiscoveryDocuments(tools: ShopTools.all, deployment: ShopTools.deployment)
    }

    func names(_ document: ServedDocument?) throws -> [String]? {
        try document.map {
            try JSONValue(parsing: $0.bytes)["paths"]?.object?.keys.map { String($0.dropFirst(7)) } ?? []
        }
    }

    @Test func wholeDocumentHasEveryTool() throws {
        #expect(try names(documents.openAPI()) == ShopTools.all.map(\.name))
        #expect(try names(documents.openAPI(.v30)) == ShopTools.all.map(\.name))
    }

    @Test func partsHaveTheToolsOfAPackOrATag() throws {
        #expect(try names(documents.openAPI(pack: "cart")) == ["add_to_cart", "view_cart"])
        #expect(try names(documents.openAPI(tag: "shopping")) == ["search_products", "add_to_cart"])
        #expect(try names(documents.openAPI(tag: "deals")) == ["get_deals"])
        #expect(try names(documents.openAPI(.v30, pack: "cart", tag: "shopping")) == ["add_to_cart"])
    }

    @Test func unknownPartsAreNone() {
        #expect(documents.openAPI(pack: "missing") == nil)
        #expect(documents.openAPI(tag: "missing") == nil)
        #expect(documents.openAPI(pack: "deals", tag: "shopping") == nil)
        #expect(documents.openAPI(pack: "") == nil)
    }

    @Test func eachDocumentHasItsOwnValidator() {
        let all = [
            documents.openAPI(), documents.openAPI(.v30), documents.openAPI(pack: "cart"), documents.actionsManifest,
            documents.logo, documents.legalPage, documents.protectedResource(suffix: ""),
            documents.protectedResource(suffix: "/mcp"),
        ]
        #expect(Set(all.compactMap { $0?.etag }).count == all.count)
    }

    @Test func mediaTypesAreExact() {
        #expect(documents.openAPI()?.mediaType == "application/json")
        #expect(documents.actionsManifest.mediaType == "application/json")
        #expect(documents.protectedResource(suffix: "").mediaType == "application/json")
        #expect(documents.logo.mediaType == "image/svg+xml")
        #expect(documents.legalPage.mediaType == "text/plain; charset=utf-8")
    }

    @Test func protectedResourceListsTheScopesOfAllTools() throws {
        let metadata = try JSONValue(parsing: documents.protectedResource(suffix: "/mcp").bytes)
        #expect(metadata["scopes_supported"] == ["tools:call", "orders:write"])
        #expect(metadata["resource"] == "https://tools.example.com/mcp")
    }

    @Test func onlyLargeDeploymentsAreWarnedAbout() throws {
        #expect(documents.warnings == [])
        let text = JSONValue.string(String(repeating: "x", count: OpenAILimits.documentBytes))
        let tools = [ShopTools.tool("t", input: ["type": "object", "properties": ["a": ["description": text]]])]
        #expect(try DiscoveryDocuments(tools: tools, deployment: ShopTools.deployment).warnings.count == 1)
    }

    @Test func whatOneCallerSeesIsNotForOthers() throws {
        let own = try DiscoveryDocuments(
            tools: ShopTools.all, deployment: ShopTools.deployment, audience: .caller)
        #expect(own.openAPI()?.audience == .caller)
        #expect(own.actionsManifest.audience == .caller)
        #expect(own.logo.audience == .everyone)
    }

    @Test func unfitToolIsNamed() {
        let tool = ShopTools.tool("bad", input: ["type": "object", "not": ["$ref": "elsewhere"]])
        #expect(throws: DescriptorProblem.self) {
            try DiscoveryDocuments(tools: ShopTools.all + [tool], deployment: ShopTools.deployment)
        }
    }
}
