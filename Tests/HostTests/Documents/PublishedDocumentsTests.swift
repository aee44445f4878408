// One set of documents for each set of tools.

import JSON
import Testing

@testable import HostDocuments
@testable import HostTools

@Suite struct PublishedDocumentsTests {
    private func published() throws -> PublishedDocuments {
        try PublishedDocuments(
            deployment: ShopTools.deployment, tools: ShopTools.all, authorizationServer: .none(""))
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

    @Test func aSetIsMadeOnce() throws {
        let published = try published()
        let some = [ShopTools.all[0]]
        #expect(published.documents(for: some) === published.documents(for: some))
        #expect(published.documents(for: some) !== published.documents(for: [ShopTools.all[1]]))
    }
}
