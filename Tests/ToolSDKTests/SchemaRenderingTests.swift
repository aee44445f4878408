// What is published of a schema, compared with the JSON that it should be.

import JSON
import Testing
import ToolSDK

enum Size: String, CaseIterable { case small, large }

struct Everything: Sendable {
    struct Line: Sendable {
        var code: String
        var price: Double
    }

    var code: String
    var note: String?
    var count: Int
    var weight: Double
    var isGift: Bool
    var size: Size
    var tags: [String]
    var lines: [Line]?
    var prices: [String: Int]
    var extra: JSONValue?
    var state: JSONObject?

    static let schema = Schema<Everything>.object(
        Property("code", \.code, .string(length: 3...8, pattern: "^[a-z]+$"), "A code"),
        Property("note", \.note, .string(length: ...9, format: "date").examples("2026-01-31"), "A note"),
        Property("count", \.count, .integer(1..., multipleOf: 2), default: 2, "How many"),
        Property("weight", \.weight, .number(0...1.5), default: 0.5, "Weight"),
        Property("isGift", \.isGift, .boolean(), default: false, "Whether it is a gift"),
        Property("size", \.size, .enumeration(), default: .small, "Size"),
        Property("tags", \.tags, .array(of: .string(), count: 1...3, unique: true), "Tags"),
        Property(
            "lines", \.lines,
            .array(
                of: Schema<Line>.object(
                    Property("code", \.code, .string(oneOf: ["a", "b"]), "Code"),
                    Property("price", \.price, .number(above: 0, below: 10, multipleOf: 0.01), "Price"),
                    make: Line.init)), "Lines"),
        Property("prices", \.prices, .dictionary(of: .integer()), default: ["x": 1], "Prices"),
        Property("extra", \.extra, .json().adding("deprecated", true), "Anything"),
        Property("state", \.state, .anyObject(), "Any object"),
        make: Everything.init)
}

@Suite struct SchemaRenderingTests {
    private static let expected = """
        {"type":"object","properties":{
        "code":{"type":"string","minLength":3,"maxLength":8,"pattern":"^[a-z]+$","description":"A code"},
        "note":{"type":"string","maxLength":9,"format":"date","examples":["2026-01-31"],"description":"A note"},
        "count":{"type":"integer","minimum":1,"multipleOf":2,"description":"How many","default":2},
        "weight":{"type":"number","minimum":0,"maximum":1.5,"description":"Weight","default":0.5},
        "isGift":{"type":"boolean","description":"Whether it is a gift","default":false},
        "size":{"type":"string","enum":["small","large"],"description":"Size","default":"small"},
        "tags":{"type":"array","items":{"type":"string"},"minItems":1,"maxItems":3,"uniqueItems":true,
        "description":"Tags"},
        "lines":{"type":"array","items":{"type":"object","properties":{
        "code":{"type":"string","enum":["a","b"],"description":"Code"},
        "price":{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":10,"multipleOf":0.01,"description":"Price"}},
        "required":["code","price"],"additionalProperties":false},"description":"Lines"},
        "prices":{"type":"object","properties":{},"additionalProperties":{"type":"integer"},"description":"Prices",
        "default":{"x":1}},
        "extra":{"deprecated":true,"description":"Anything"},
        "state":{"type":"object","properties":{},"additionalProperties":true,"description":"Any object"}},
        "required":["code","tags"],"additionalProperties":false}
        """.split(separator: "\n").joined()

    @Test func inputsAreClosedAndKeepTheirOrder() {
        #expect("\(Everything.schema.jsonSchema(for: .input))" == Self.expected)
        #expect(Everything.schema.jsonSchema() == Everything.schema.jsonSchema(for: .input))
    }

    @Test func outputsAreOpen() {
        let closed = #","additionalProperties":false"#
        let open = Self.expected.split(separator: closed).joined()
        #expect("\(Everything.schema.jsonSchema(for: .output))" == open)
    }

    @Test func opennessCanBeStated() {
        let open = Schema<Named>.object(Property("name", \.name, .string(), "N"), open: true, make: Named.init)
        #expect(open.jsonSchema(for: .input)["additionalProperties"] == nil)
        let closed = Schema<Named>.object(Property("name", \.name, .string(), "N"), open: false, make: Named.init)
        #expect(closed.jsonSchema(for: .output)["additionalProperties"] == false)
    }

    @Test func theEnvironmentIsForConfigurationOnly() {
        let schema = Schema<Named>.object(
            Property("name", \.name, .string(), environment: "NAME", path: .readWrite, "N"),
            make: Named.init)
        #expect(schema.jsonSchema(for: .configuration)["properties"]?["name"]?["x-env"] == "NAME")
        #expect(schema.jsonSchema(for: .configuration)["properties"]?["name"]?["x-path"] == "read-write")
        #expect(schema.jsonSchema(for: .configuration)["additionalProperties"] == false)
        for key in ["x-env", "x-path"] {
            #expect(schema.jsonSchema(for: .input)["properties"]?["name"]?[key] == nil)
        }
    }

    @Test func nothingIsAnEmptyClosedObject() {
        #expect(
            "\(Schema<Empty>.empty.jsonSchema())"
                == #"{"type":"object","properties":{},"additionalProperties":false}"#)
    }

    @Test func smallIntegersKeepTheirOwnLimits() {
        #expect("\(Schema<UInt8>.integer(1...200).jsonSchema())" == #"{"type":"integer","minimum":1,"maximum":200}"#)
        #expect("\(Schema<Double>.number((-0.5)...).jsonSchema())" == #"{"type":"number","minimum":-0.5}"#)
    }
}
