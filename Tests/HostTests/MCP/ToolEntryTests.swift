// What clients read of a tool.

import JSON
import Testing

@testable import HostDocuments
@testable import HostMCP
@testable import HostTools

@Suite struct ToolEntryTests {
    private func entry(
        _ name: String, _ era: ProtocolVersion.Era = .modern, security: [SecurityScheme]? = nil
    ) throws -> JSONValue {
        var deployment = ShopTools.deployment
        if let security { deployment.security = security }
        return ToolEntry.value(try #require(ShopTools.all.first { $0.name == name }), deployment, era)
    }

    @Test func hintsAreAllThere() throws {
        let entry = try entry("checkout")
        #expect(
            entry["annotations"] == [
                "title": "Checkout", "readOnlyHint": false, "destructiveHint": false, "idempotentHint": false,
                "openWorldHint": false,
            ])
        #expect(try self.entry("view_cart")["annotations"]?["readOnlyHint"] == true)
    }

    @Test func schemasAreTheDescriptorsOwn() throws {
        let tool = try #require(ShopTools.all.first { $0.name == "search_products" })
        let entry = try entry("search_products")
        #expect(entry["name"] == "search_products")
        #expect(entry["title"] == "Search products")
        #expect(entry["description"] == "Search the product catalog.")
        #expect(entry["inputSchema"] == tool.inputSchema)
        #expect(entry["outputSchema"] == tool.outputSchema)
    }

    @Test func modelsAreToldWhatAToolDoes() throws {
        for era in [ProtocolVersion.Era.modern, .legacy] {
            #expect(
                try entry("add_to_cart", era)["description"]
                    == "Add items to the shopping cart.\n\nEach call adds once more.\n\nNothing is reserved before checkout."
            )
        }
    }

    @Test func schemasAreSpeltForEveryClient() {
        let tool = ShopTools.tool(
            "t",
            input: [
                "$schema": "http://json-schema.org/draft-07/schema#", "type": "object",
                "properties": ["a": true, "b": ["type": "array"]], "additionalProperties": false,
            ], output: true)
        let entry = ToolEntry.value(tool, ShopTools.deployment, .modern)
        #expect(
            entry["inputSchema"] == [
                "type": "object", "properties": ["a": [:], "b": ["type": "array", "items": [:]]],
                "additionalProperties": false,
            ])
        #expect(entry["outputSchema"] == [:])
    }

    @Test func onlyTheModernEraHasSchemasOfOtherResultsThanObjects() throws {
        #expect(try entry("get_deals", .modern)["outputSchema"]?["type"] == "array")
        #expect(try entry("get_deals", .legacy)["outputSchema"] == nil)
        #expect(try entry("view_cart", .legacy)["outputSchema"] != nil)
    }

    @Test func securityIsStatedTwice() throws {
        let schemes: JSONValue = [["type": "oauth2", "scopes": ["tools:call", "orders:write"]]]
        let entry = try entry("checkout")
        #expect(entry["securitySchemes"] == schemes)
        #expect(entry["_meta"]?["securitySchemes"] == schemes)
        #expect(try self.entry("checkout", security: [])["securitySchemes"] == [["type": "noauth"]])
        #expect(try self.entry("checkout", security: [.apiKey(header: "x")])["securitySchemes"] == nil)
    }

    @Test func whatAnAuthorWroteForClientsReachesThem() {
        let meta: JSONValue = [
            "tags": ["shop"], "icons": [["src": "https://a.example/i.png"], ["mimeType": "image/png"], 7],
            "openai/toolInvocation/invoking": "Searching", "ui": ["resourceUri": "ui://a"], "private": 1,
            "toolhost/pack": "forged", "/odd": 1,
        ]
        let entry = ToolEntry.value(
            ShopTools.tool("a", pack: "catalog", meta: meta), ShopTools.deployment, .modern)
        #expect(entry["icons"] == [["src": "https://a.example/i.png"]])
        #expect(entry["_meta"]?["toolhost/tags"] == ["shop"])
        #expect(entry["_meta"]?["toolhost/pack"] == "catalog")
        #expect(entry["_meta"]?["openai/toolInvocation/invoking"] == "Searching")
        #expect(entry["_meta"]?["ui"] == ["resourceUri": "ui://a"])
        #expect(entry["_meta"]?["private"] == nil)
        #expect(entry["_meta"]?["/odd"] == nil)
    }
}
