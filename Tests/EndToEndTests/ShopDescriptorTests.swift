// What clients read of the shop's six tools before they call one.

import JSON
import JSONSchema
import Testing

@Suite("The six tools as they describe themselves")
struct ShopDescriptorTests {
    private struct Described {
        let name: String
        let summary: String
        let description: String
        let input: JSONValue
        let output: JSONValue
        /// What the store always answers.
        let whole: JSONValue
    }

    private static let wholes = [
        "search_products": "FoundProducts", "add_to_cart": "CartAddition", "view_cart": "Cart",
        "checkout": "Order", "add_payment_method": "AddedPaymentMethod", "get_deals": "FoundDeals",
    ]

    private func tools() throws -> [Described] {
        var found: [Described] = []
        for pack in ["catalog", "cart", "checkout", "deals"] {
            let text = try run(Setup.executable, ["inspect", "--json", Setup.packs + "/\(pack).so"]).output
            for tool in try #require(try JSONValue(parsing: text)["tools"]?.array) {
                let name = try #require(tool["name"]?.string)
                let output = try #require(tool["output_schema"])
                let whole = try #require(output["$defs"]?[Self.wholes[name] ?? ""], "\(name): \(output)")
                found.append(
                    Described(
                        name: name, summary: try #require(tool["summary"]?.string),
                        description: try #require(tool["description"]?.string),
                        input: try #require(tool["input_schema"]), output: output, whole: whole))
            }
        }
        #expect(found.count == 6)
        return found
    }

    @Test("Arguments and answers have examples that the schema takes")
    func examples() throws {
        for tool in try tools() {
            let asked = try #require(tool.input["examples"]?.array, "\(tool.name)")
            let answered = try #require(tool.whole["examples"]?.array, "\(tool.name)")
            // OpenAPI 3.0 can say one.
            #expect(asked.count == 1 && answered.count == 1, "\(tool.name)")
            let (input, output) = (try CompiledSchema(tool.input), try CompiledSchema(tool.output))
            for example in asked { #expect(input.isValid(try JSONDocument(example)), "\(tool.name): \(example)") }
            for example in answered { #expect(output.isValid(try JSONDocument(example)), "\(tool.name): \(example)") }
            #expect("\(answered)".utf8.count < 1000, "\(tool.name): small")
        }
    }

    @Test("An answer is the whole, with all that it requires, or words; an object at its root either way")
    func shapes() throws {
        for tool in try tools() {
            #expect(tool.output["type"] == "object" && tool.output["$ref"] == nil, "\(tool.name)")
            #expect(tool.output["anyOf"]?.array?.count == 2, "\(tool.name)")
            let required = Set((tool.whole["required"]?.array ?? []).compactMap(\.string))
            let example = try #require(tool.whole["examples"]?[0]?.object)
            #expect(required.count >= 2 && required.isSubset(of: example.keys), "\(tool.name): \(required)")
            let check = try CompiledSchema(tool.output)
            #expect(check.isValid(try JSONDocument(["text": "Done."])), "\(tool.name)")
            for name in required {
                var partial = example
                partial[name] = nil
                #expect(!check.isValid(try JSONDocument(.object(partial))), "\(tool.name) without \(name)")
                partial["text"] = "Done."
                #expect(check.isValid(try JSONDocument(.object(partial))), "\(tool.name) without \(name), with words")
            }
        }
    }

    @Test("A product's code has one name, and money one form")
    func names() throws {
        for tool in try tools() {
            let properties = members(in: tool.input) + members(in: tool.output)
            for (path, name) in properties where name == "code" {
                #expect(path.hasSuffix("/$defs/Deal/properties"), "\(tool.name): \(path)")
            }
            let isPriced = tool.output["$defs"]?["Money"] != nil
            #expect(isPriced == ["search_products", "view_cart", "checkout"].contains(tool.name))
            for (path, name) in properties where name == "minorUnits" {
                #expect(path.hasSuffix("/$defs/Money/properties"), "\(tool.name): \(path)")
            }
            #expect(!"\(tool.input)".contains("$ref"), "\(tool.name): some clients follow none in what they fill in")
        }
    }

    @Test("Texts stand alone: the summary, the description, and the first paragraph beside the summary")
    func texts() throws {
        for tool in try tools() {
            let paragraphs = tool.description.split(separator: "\n\n")
            let first = try #require(paragraphs.first)
            #expect(tool.summary.count + 1 + first.count <= 300, "\(tool.name)")
            #expect(!tool.description.contains(tool.summary) && paragraphs.count > 1, "\(tool.name)")
            #expect(paragraphs.allSatisfy { !$0.contains("\n") && $0.hasSuffix(".") }, "\(tool.name)")
            let described = members(in: tool.input).count
            #expect(described == "\(tool.input)".count(of: "\"description\":"), "\(tool.name): all of them")
        }
    }

    /// The names of all members that objects may have, each with the place of its `properties`.
    private func members(in schema: JSONValue, at path: String = "") -> [(path: String, name: String)] {
        switch schema {
        case .object(let keywords):
            keywords.flatMap { keyword, value -> [(path: String, name: String)] in
                let inner = path + "/" + keyword
                if keyword == "examples" { return [] }
                let own = keyword == "properties" ? (value.object?.keys ?? []).map { (path: inner, name: $0) } : []
                return own + members(in: value, at: inner)
            }
        case .array(let elements): elements.flatMap { members(in: $0, at: path) }
        default: []
        }
    }
}

extension String {
    /// How often a text occurs.
    fileprivate func count(of text: String) -> Int {
        var (count, rest) = (0, self[...])
        while let range = rest.firstRange(of: text) {
            count += 1
            rest = rest[range.upperBound...]
        }
        return count
    }
}
