// The list of tools: its order, its pages, and who sees what.

import JSON
import Testing

@testable import HostMCP
@testable import HostTools

@Suite struct ToolCatalogueTests {
    private func catalogue(pageSize: Int = 2, isPublic: Bool = false) -> ToolCatalogue {
        ToolCatalogue(
            tools: ShopTools.all, deployment: ShopTools.deployment, pageSize: pageSize, isPublic: isPublic,
            serverInfo: ["name": "shop", "version": "1"])
    }

    private func all(_ isVisible: (Int) -> Bool = { _ in true }) -> ToolCatalogue.Visibility {
        ToolCatalogue.Visibility(count: ShopTools.all.count, isVisible)
    }

    private func names(_ page: JSONValue) -> [String] {
        (page["tools"]?.array ?? []).compactMap { $0["name"]?.string }
    }

    private func walk(
        _ catalogue: ToolCatalogue, _ visibility: ToolCatalogue.Visibility, _ era: ProtocolVersion.Era = .modern
    ) throws -> [JSONValue] {
        var pages: [JSONValue] = []
        var cursor: String?
        repeat {
            let page = try JSONValue(parsing: try catalogue.page(cursor, for: visibility, era))
            pages.append(page)
            cursor = page["nextCursor"]?.string
        } while cursor != nil && pages.count < 100
        return pages
    }

    @Test(arguments: [1, 2, 3, 100])
    func everyToolStandsOnOnePageInTheOrderOfTheSnapshot(pageSize: Int) throws {
        let pages = try walk(catalogue(pageSize: pageSize), all())
        #expect(pages.flatMap(names) == ShopTools.all.map(\.name))
        #expect(pages.allSatisfy { names($0).count <= pageSize })
    }

    @Test func onlyWhatACallerMayCallIsListed() throws {
        let catalogue = catalogue()
        let even = try walk(catalogue, all { $0.isMultiple(of: 2) })
        #expect(even.flatMap(names) == ShopTools.all.enumerated().filter { $0.0.isMultiple(of: 2) }.map(\.1.name))
        let none = try walk(catalogue, all { _ in false })
        #expect(none.count == 1)
        #expect(none[0]["tools"] == [])
        #expect(none[0]["nextCursor"] == nil)
    }

    @Test func modernPagesSayHowLongTheyMayBeKeptAndByWhom() throws {
        for page in try walk(catalogue(), all()) {
            #expect(page["cacheScope"] == "private")
            #expect(page["ttlMs"]?.int64 == ToolCatalogue.timeToLive)
            #expect(page["resultType"] == "complete")
            #expect(page["_meta"]?["io.modelcontextprotocol/serverInfo"]?["name"] == "shop")
        }
        #expect(try walk(catalogue(isPublic: true), all()).allSatisfy { $0["cacheScope"] == "public" })
        for page in try walk(catalogue(), all(), .legacy) {
            #expect(page["resultType"] == nil)
            #expect(page["ttlMs"] == nil)
        }
    }

    @Test func theSameQuestionHasTheSameAnswer() throws {
        let (one, other) = (catalogue(), catalogue())
        #expect(try one.page(nil, for: all(), .modern) == other.page(nil, for: all(), .modern))
        #expect(try one.page("", for: all(), .modern) == one.page(nil, for: all(), .modern))
    }

    @Test func cursorsOfOtherListsAreRefused() throws {
        let catalogue = catalogue()
        let first = try JSONValue(parsing: try catalogue.page(nil, for: all(), .modern))
        let cursor = try #require(first["nextCursor"]?.string)
        for wrong in ["0", "2", "nonsense", cursor + "A", String(cursor.dropLast())] {
            let error = #expect(throws: RPCError.self) { try catalogue.page(wrong, for: all(), .modern) }
            #expect(error?.code == .invalidParams)
        }
        #expect(throws: RPCError.self) { try catalogue.page(cursor, for: all { $0 > 0 }, .modern) }
    }

    @Test func moreSetsThanAreKeptAreStillServed() throws {
        let catalogue = catalogue(pageSize: 100)
        for set in 0..<(1 << ShopTools.all.count) {
            let page = try JSONValue(parsing: try catalogue.page(nil, for: all { set >> $0 & 1 == 1 }, .legacy))
            #expect(names(page).count == set.nonzeroBitCount)
        }
    }

    @Test func argumentsThatStandInTheHeadAreKnown() {
        let tool = ShopTools.tool(
            "routed", input: ["type": "object", "properties": ["a": ["type": "string", "x-mcp-header": "Region"]]])
        let catalogue = ToolCatalogue(
            tools: ShopTools.all + [tool], deployment: ShopTools.deployment, pageSize: 10, isPublic: false,
            serverInfo: [:])
        #expect(catalogue.headerParameters(of: "routed").map(\.field) == ["region"])
        #expect(catalogue.headerParameters(of: "checkout").isEmpty)
        #expect(catalogue.headerFields == ["mcp-param-region"])
    }

    @Test func aVisibilityHoldsMoreToolsThanAWordHasBits() {
        let visibility = ToolCatalogue.Visibility(count: 130) { $0 % 3 == 0 }
        #expect((0..<130).allSatisfy { visibility.contains($0) == ($0 % 3 == 0) })
    }
}
