// What stands behind the question mark of a document: read exactly, or refused with the way out.

import NIOHTTP1
import Testing

@testable import HostDocuments
@testable import HostHTTP
@testable import HostService

@Suite struct DocumentQueryTests {
    let documents: DiscoveryDocuments

    init() throws {
        documents = try DiscoveryDocuments(tools: ShopTools.all, deployment: ShopTools.deployment)
    }

    func problem(_ query: String, of route: Route = .openAPI) -> Problem? {
        do throws(Problem) {
            _ = try DocumentQuery(query, of: route).document(of: documents)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [
        nil, "", "&", "version=3.0", "pack=cart", "tag=shopping", "pack=c%61rt&version=3.1", "%70ack=cart",
        "tag=shopping&pack=cart&version=3.0.3", "_=1700000000", "1700000000", "pack=cart&_=1", "_",
    ])
    func wellFormed(query: String?) throws {
        #expect(try !DocumentQuery(query, of: .openAPI).document(of: documents).bytes.isEmpty)
    }

    @Test func valuesAreDecoded() throws {
        let query = try DocumentQuery("pack=a%2Fb+c&tag=%zz&version=3.0", of: .openAPI)
        #expect(query.pack == "a/b c" && query.tag == "%zz" && query.version == .v30)
        #expect(try DocumentQuery("tag=50%+%6Fff%2", of: .openAPI).tag == "50% off%2")
    }

    @Test(arguments: [
        ("pakc=cart", "pack"), ("packs=cart", "pack"), ("Pack=cart", "pack"), ("tags=shopping", "tag"),
        ("v=3.0", "version"),
        ("ver=3.0", "version"), ("t=shopping", "tag"), ("pack=cart&verison=3.0", "version"),
    ])
    func misspeltKeysAreToldWithTheNearest(query: String, nearest: String) {
        let problem = problem(query)
        #expect(problem?.status == .badRequest && problem?.code == "query")
        #expect(problem?.detail.contains("Did you mean \(nearest)? It takes version, pack, tag.") == true, "\(query)")
    }

    @Test(arguments: ["something=1", "=", "=cart", "__=1", "17a", "17=1", "%00=1", "\u{1F600}=1"])
    func otherKeysAreTold(query: String) {
        let problem = problem(query)
        #expect(problem?.status == .badRequest && problem?.detail.contains("It takes version, pack, tag.") == true)
        #expect(problem?.detail.contains("Did you mean") == false, "\(query)")
    }

    @Test func whatAClientSendsIsToldInBounds() {
        let problem = problem(String(repeating: "%0A\u{202E}", count: 5000) + "=1")
        #expect((problem?.detail.utf8.count ?? 0) < 1500)
        #expect(problem?.detail.utf8.allSatisfy { (0x20...0x7E).contains($0) } == true)
    }

    @Test(arguments: ["pack", "pack=", "tag=", "version=", "pack=cart&tag"])
    func keysWithoutAValueAreTold(query: String) {
        #expect(problem(query)?.detail.contains("has no value") == true, "\(query)")
    }

    @Test(arguments: ["pack=cart&pack=deals", "pack=cart&pack=cart", "tag=a&%74ag=b", "version=3.0&version=3.1"])
    func keysGivenTwiceAreTold(query: String) {
        #expect(problem(query)?.detail.contains("more than once") == true, "\(query)")
    }

    @Test func unknownNamesAreToldWithTheNearest() {
        let pack = problem("pack=carts")
        #expect(pack?.status == .notFound)
        #expect(
            pack?.detail
                == "There is no pack \"carts\" here. Did you mean cart? There are: catalog, cart, checkout, deals.")
        #expect(problem("tag=shoping")?.detail.contains("Did you mean shopping? There are: catalog, shopping,") == true)
        #expect(problem("pack=c")?.detail.contains("Did you mean cart, catalog or checkout? There are:") == true)
        #expect(problem("pack=catlog")?.detail.contains("Did you mean catalog? There are:") == true)
        #expect(problem("pack=weather")?.detail.contains("Did you mean") == false)
    }

    @Test func aPackWithoutTheTagNamesItsTags() {
        #expect(
            problem("pack=cart&tag=catalog")?.detail
                == "No tool of the pack cart has the tag catalog. Its tags: shopping, cart.")
    }

    @Test func whoSeesSomeToolsIsToldOfNoOthers() throws {
        let entries = try OpenAPIEntries(ShopTools.all, deployment: ShopTools.deployment)
        let own = DiscoveryDocuments(
            tools: [ShopTools.all[1]], entries: entries, deployment: ShopTools.deployment, audience: .caller)
        let error = #expect(throws: Problem.self) { try DocumentQuery("pack=deals", of: .openAPI).document(of: own) }
        #expect(error?.detail == "There is no pack \"deals\" here. There are: cart.")
    }

    @Test func theManifestIsAlwaysWhole() {
        #expect(problem("pack=cart", of: .actionsManifest)?.detail.contains("always tells of all tools") == true)
        #expect(problem("_=1", of: .actionsManifest) == nil)
    }

    @Test func unknownVersionKeepsItsCode() {
        #expect(problem("version=2.0")?.code == "version")
    }
}
