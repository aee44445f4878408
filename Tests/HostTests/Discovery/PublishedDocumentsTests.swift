// One set of documents for each set of tools, and a new one when an issuer says something new.

import JSONSchema
import Testing

@testable import ToolHost

@Suite struct PublishedDocumentsTests {
    private func published() throws -> PublishedDocuments {
        PublishedDocuments(try edition(ShopTools.deployment))
    }

    private func edition(_ deployment: Deployment) throws -> PublishedDocuments.Edition {
        try PublishedDocuments.Edition(
            deployment: deployment, tools: ShopTools.all, authorizationServer: .none(""))
    }

    private func paths(_ documents: DiscoveryDocuments) throws -> [String] {
        let document = try #require(documents.openAPI())
        return try JSONValue(parsing: document.bytes)["paths"]?.object?.keys ?? []
    }

    @Test func aSetForSomeToolsListsOnlyThose() throws {
        let some = Array(ShopTools.all.prefix(2))
        let documents = try published().documents(for: some)
        #expect(try paths(documents) == some.map { "/tools/\($0.name)" })
        #expect(documents.actionsManifest.cacheControl.hasPrefix("private"))
        #expect(documents.actionsManifest.vary != nil)
    }

    @Test func aNewEditionReplacesAllSets() throws {
        let published = try published()
        _ = published.documents(for: [ShopTools.all[0]])
        var deployment = ShopTools.deployment
        deployment.title = "Renamed"
        published.publish(try edition(deployment))
        let documents = published.documents(for: [ShopTools.all[0]])
        let manifest = try JSONValue(parsing: documents.actionsManifest.bytes)
        #expect(manifest["name_for_human"]?.string == "Renamed")
    }
}
