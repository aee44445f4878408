// The version changes when the tools do, and at no other time.

import JSON
import Testing

@testable import HostDocuments
@testable import HostTools

@Suite struct PublishedVersionTests {
    func version(_ tools: [ToolDescriptor]) -> String { PublishedVersion("1.0.0", tools: tools).text }

    @Test func itIsASemanticVersion() throws {
        let text = version(ShopTools.all)
        #expect(try Regex("1\\.0\\.0\\+[0-9a-f]{8}").wholeMatch(in: text) != nil)
        #expect(PublishedVersion("1.0.0+build", tools: ShopTools.all).text == text.replacing("+", with: "+build."))
        #expect(version([]) != text)
    }

    @Test func orderDoesNotMatter() {
        #expect(version(ShopTools.all.reversed()) == version(ShopTools.all))
    }

    @Test func neitherAddressNorCredentialsMatter() throws {
        func info(_ change: (inout Deployment) -> Void) throws -> JSONValue? {
            var deployment = ShopTools.deployment
            change(&deployment)
            return try OpenAPIDocument(tools: ShopTools.all, deployment: deployment).value["info"]?["version"]
        }
        let plain = try info { _ in }
        #expect(plain == .string(version(ShopTools.all)))
        #expect(try info { $0.publicURL = "http://127.0.0.1:3001" } == plain)
        #expect(try info { $0.security = [] } == plain)
        #expect(try info { $0.requiredScopes = [] } == plain)
    }

    static let changes: [@Sendable (inout ToolDescriptor) -> Void] = [
        { $0.name = "other" }, { $0.title = "Other" }, { $0.summary = "Other." }, { $0.description = "Other." },
        { $0.inputSchema = ["type": "object", "properties": ["a": true]] }, { $0.outputSchema = ["type": "array"] },
        { $0.scopes = ["other"] }, { $0.hints.isDestructive.toggle() }, { $0.hints.isIdempotent.toggle() },
        { $0.packID = "other" }, { $0.meta = ["tags": ["other"]] }, { $0.meta = ["openai/widget": "other"] },
    ]

    @Test(arguments: changes.indices)
    func whatClientsReadMatters(index: Int) {
        var tools = ShopTools.all
        Self.changes[index](&tools[2])
        #expect(version(tools) != version(ShopTools.all))
    }

    @Test func whatNobodyReadsDoesNot() {
        var tools = ShopTools.all
        tools[2].meta = ["private": 1]
        #expect(version(tools) == version(ShopTools.all))
    }

    @Test func partsHaveTheVersionOfTheirTools() throws {
        let documents = try DiscoveryDocuments(tools: ShopTools.all, deployment: ShopTools.deployment)
        let part = try JSONValue(parsing: try #require(documents.openAPI(pack: "cart")).bytes)
        #expect(part["info"]?["version"] == .string(version(ShopTools.all.filter { $0.packID == "cart" })))
        #expect(part["info"]?["version"] != .string(version(ShopTools.all)))
    }
}
