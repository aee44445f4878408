// What several tools say alike stands once in a document, under its author's name; what differs is never mixed up.

import JSON
import Testing

@testable import HostDocuments
@testable import HostTools

@Suite struct ComponentNamesTests {
    static let money: JSONValue = [
        "type": "object", "properties": ["amount": ["type": "integer"], "currency": ["type": "string"]],
    ]

    /// A tool whose result has one member for each definition.
    func tool(_ name: String, pack: String = "pack", _ definitions: JSONValue) -> ToolDescriptor {
        var properties = JSONObject()
        for key in definitions.object?.keys ?? [] { properties[key.lowercased()] = ["$ref": .string("#/$defs/" + key)] }
        return ShopTools.tool(
            name, pack: pack,
            output: ["type": "object", "properties": .object(properties), "$defs": definitions])
    }

    func components(_ tools: [ToolDescriptor], _ version: OpenAPIDocument.Version = .v31) throws -> JSONObject {
        let document = try OpenAPIDocument(tools: tools, deployment: ShopTools.deployment, version: version).value
        #expect(danglingReferences(in: document).dangling == [])
        var schemas = document["components"]?["schemas"]?.object ?? [:]
        schemas["Problem"] = nil
        return schemas
    }

    @Test(arguments: OpenAPIDocument.Version.allCases)
    func equalDefinitionsStandOnce(version: OpenAPIDocument.Version) throws {
        let tools = (0..<12).map { tool("t\($0)", ["Money": Self.money]) }
        #expect(try components(tools, version).keys == ["Money"])
    }

    @Test func orderOfMembersIsNoDifference() throws {
        let other: JSONValue = [
            "properties": ["currency": ["type": "string"], "amount": ["type": "integer"]], "type": "object",
        ]
        #expect(try components([tool("a", ["Money": Self.money]), tool("b", ["Money": other])]).keys == ["Money"])
    }

    @Test func bothSidesOfAToolShareToo() throws {
        let schema: JSONValue = [
            "type": "object", "properties": ["m": ["$ref": "#/$defs/Money"]], "$defs": ["Money": Self.money],
        ]
        #expect(try components([ShopTools.tool("a", input: schema, output: schema)]).keys == ["Money"])
    }

    @Test func differentOnesKeepTheirToolsNames() throws {
        let tools = [
            tool("a", ["Money": Self.money]), tool("b", ["Money": ["type": "string"]]),
            tool("c", ["Money": Self.money]),
        ]
        let components = try components(tools)
        #expect(components.keys == ["a_Money", "b_Money", "c_Money"])
        #expect(components["b_Money"] == ["type": "string"])
        #expect(components["a_Money"] == components["c_Money"])
    }

    @Test func oneWordOfDifferenceIsOne() throws {
        var other = Self.money.object ?? [:]
        other["description"] = "In minor units."
        #expect(
            try components([tool("a", ["Money": Self.money]), tool("b", ["Money": .object(other)])]).keys
                == ["a_Money", "b_Money"])
    }

    @Test func whatRefersToDifferentThingsIsDifferent() throws {
        func tool(_ name: String, _ amount: JSONValue) -> ToolDescriptor {
            self.tool(name, ["Line": ["properties": ["price": ["$ref": "#/$defs/Amount"]]], "Amount": amount])
        }
        let components = try components([tool("a", ["type": "integer"]), tool("b", ["type": "string"])])
        #expect(components.keys == ["a_Line", "a_Amount", "b_Line", "b_Amount"])
        #expect(
            components["b_Line"]?["properties"]?["price"]?["$ref"] == "#/components/schemas/b_Amount")
    }

    @Test func whatRefersToAToolsOwnIsItsOwn() throws {
        // Both lines say the same, and so do these amounts; but a third tool has another one.
        let definitions: JSONValue = [
            "Line": ["properties": ["price": ["$ref": "#/$defs/Amount"]]], "Amount": ["type": "integer"],
        ]
        let tools = [tool("a", definitions), tool("b", definitions), tool("c", ["Amount": ["type": "string"]])]
        #expect(try components(tools).keys == ["a_Line", "a_Amount", "b_Line", "b_Amount", "c_Amount"])
    }

    @Test func whatRefersToTheRootIsItsTools() throws {
        func tool(_ name: String) -> ToolDescriptor {
            ShopTools.tool(
                name,
                output: [
                    "type": "object", "properties": ["n": ["$ref": "#/$defs/Node"]],
                    "$defs": ["Node": ["properties": ["parent": ["$ref": "#"]]]],
                ])
        }
        #expect(
            try components([tool("a"), tool("b")]).keys == ["a_Node", "a_output", "b_Node", "b_output"])
    }

    @Test func recursionIsCompared() throws {
        func tree(_ leaf: String) -> JSONValue {
            [
                "Tree": ["properties": ["children": ["items": ["$ref": "#/$defs/Branch"]]]],
                "Branch": ["properties": ["tree": ["$ref": "#/$defs/Tree"], "leaf": ["const": .string(leaf)]]],
            ]
        }
        #expect(try components([tool("a", tree("x")), tool("b", tree("x"))]).keys == ["Tree", "Branch"])
        #expect(
            try components([tool("a", tree("x")), tool("b", tree("y"))]).keys
                == ["a_Tree", "a_Branch", "b_Tree", "b_Branch"])
    }

    @Test func discriminatorsCountAsReferences() throws {
        func pet(_ kind: String) -> JSONValue {
            [
                "Pet": ["discriminator": ["propertyName": "kind", "mapping": ["cat": "#/$defs/Cat"]]],
                "Cat": ["properties": ["kind": ["const": .string(kind)]]],
            ]
        }
        #expect(try components([tool("a", pet("cat")), tool("b", pet("cat"))]).keys == ["Pet", "Cat"])
        #expect(
            try components([tool("a", pet("cat")), tool("b", pet("dog"))]).keys
                == ["a_Pet", "a_Cat", "b_Pet", "b_Cat"])
    }

    @Test func theHostsOwnNameIsTaken() throws {
        let document = try OpenAPIDocument(
            tools: [tool("a", ["Problem": ["type": "string"]])], deployment: ShopTools.deployment
        ).value
        #expect(document["components"]?["schemas"]?["Problem"] == ErrorResponses.schema)
        #expect(document["components"]?["schemas"]?["Problem_2"] == ["type": "string"])
    }

    @Test func namesThatBecomeOneAreCounted() throws {
        let components = try components([
            tool("a", ["a b": ["type": "string"]]), tool("b", ["a_b": ["type": "integer"]]),
        ])
        #expect(components["a_b"] == ["type": "string"] && components["a_b_2"] == ["type": "integer"])
    }

    @Test func anAuthorsNameIsNeverMixedUpWithATools() throws {
        let tools = [
            tool("a", ["b_c": ["type": "string"]]), tool("b", ["b_c": ["type": "integer"]]),
            tool("a_b", ["c": ["type": "null"]]), tool("c", ["c": ["type": "array"]]), tool("d", ["a_b_c": true]),
        ]
        let components = try components(tools)
        #expect(components.keys == ["a_b_c", "b_b_c", "a_b_c_2", "c_c", "a_b_c_3"])
    }

    @Test func partsCallComponentsWhatTheWholeDoes() throws {
        let tools = [
            tool("a", pack: "one", ["Money": Self.money, "Line": ["type": "string"]]),
            tool("b", pack: "two", ["Money": Self.money, "Line": ["type": "integer"]]),
        ]
        let published = try PublishedDocuments(
            deployment: ShopTools.deployment, tools: tools, authorizationServer: .none(""))
        let whole = published.whole
        let own = published.documents(for: [tools[1]])
        for document in [whole.openAPI(pack: "two"), own.openAPI()] {
            let schemas = try JSONValue(parsing: try #require(document).bytes)["components"]?["schemas"]?.object
            #expect(schemas?.keys == ["Problem", "Money", "b_Line"])
        }
    }

    @Test func whatSharedComponentsLoseIsToldOnce() throws {
        let definitions: JSONValue = ["Odd": ["contains": ["type": "string"]]]
        let older = try OpenAPIDocument(
            tools: [tool("a", definitions), tool("b", definitions)], deployment: ShopTools.deployment, version: .v30)
        #expect(older.notExpressed.map(\.pointer.description) == ["/components/schemas/Odd/contains"])
    }

    /// A ring of definitions, each of which refers to the next.
    func ring(_ count: Int, _ last: JSONValue? = nil) -> JSONValue {
        var ring = JSONObject()
        for index in 0..<count { ring["D\(index)"] = ["not": ["$ref": .string("#/$defs/D\((index + 1) % count)")]] }
        if let last { ring["D\(count - 1)"] = last }
        return .object(ring)
    }

    @Test func longRingsAreShared() throws {
        #expect(try components((0..<10).map { tool("t\($0)", ring(60)) }).count == 60)
    }

    @Test(arguments: [20, 300])
    func aDifferenceFarAwayIsSeen(count: Int) throws {
        let tools = [tool("a", ring(count, ["type": "string"])), tool("b", ring(count, ["type": "integer"]))]
        let components = try components(tools)
        #expect(components.count == 2 * count && components["D0"] == nil)
        #expect(components["a_D\(count - 1)"] == ["type": "string"])
        #expect(components["b_D\(count - 1)"] == ["type": "integer"])
    }

    @Test func bothSidesOfAToolStayApartWhereTheyDifferFarAway() throws {
        func schema(_ last: JSONValue) -> JSONValue {
            ["type": "object", "properties": ["d": ["$ref": "#/$defs/D0"]], "$defs": ring(100, last)]
        }
        let components = try components([
            ShopTools.tool("t", input: schema(["type": "string"]), output: schema(["type": "integer"]))
        ])
        #expect(components.count == 200)
        #expect(components["t_D99"] == ["type": "string"] && components["t_D99_2"] == ["type": "integer"])
        #expect(components["t_D98_2"] == ["not": ["$ref": "#/components/schemas/t_D99_2"]])
    }
}
