// Names of members are found by their first eight bytes, their length and the order in which a schema declares them:
// what is true of none of these must not make a difference.

import JSON
import JSONSchema
import Testing

@Suite struct MemberNameTests {
    /// Alike in all that is looked at first: length, beginning, end.
    private static let alike = [
        "", "\u{0}", "\u{0}\u{0}", "a", "a\u{0}", "ab", "abc", "abcd", "abcde", "abcdefg", "abcdefg\u{0}", "abcdefgh",
        "abcdefghi", "abcdefgh\u{0}", "abcdefghXXijklmnop", "abcdefghYXijklmnop", "abcdefghXYijklmnop",
        "XXXXXXXXabcdefghijklmnopqrstuvwxyz", "XXXXXXXXabcdefghijklmnopqrstuvwxyZ",
        "XXXXXXXXabcdeFghijklmnopqrstuvwxyz",
    ]

    /// Each name is an integer of its own; the document says them in the order given.
    private static func document(_ names: [String], wrongAt wrong: String? = nil) throws -> JSONDocument {
        var writer = JSONWriter()
        writer.beginObject()
        for name in names {
            writer.key(name)
            writer.integer(Int64(try #require(alike.firstIndex(of: name))) + (name == wrong ? 100 : 0))
        }
        writer.endObject()
        return try JSONDocument(parsing: writer.finish())
    }

    private static func schema(_ names: [String], required: [String]) throws -> CompiledSchema {
        var properties = JSONObject()
        for name in names { properties[name] = ["const": JSONValue(try #require(alike.firstIndex(of: name)))] }
        return try CompiledSchema([
            "properties": .object(properties), "required": .array(required.map(JSONValue.string)),
            "additionalProperties": false,
        ])
    }

    @Test func eachMemberIsHeldToItsOwnSchemaInAnyOrder() throws {
        let names = Self.alike
        let schema = try Self.schema(names, required: names)
        for shift in names.indices {
            let turned = Array(names[shift...] + names[..<shift])
            for order in [turned, turned.reversed()] {
                #expect(schema.isValid(try Self.document(order)))
                for name in names {
                    let violations = schema.validate(try Self.document(order, wrongAt: name))
                    #expect(violations.map(\.keyword) == ["const"], "\(name.debugDescription)")
                }
            }
        }
    }

    @Test func missingAndUnknownMembersAreSeenAmongThoseThatAreAlike() throws {
        for name in Self.alike {
            let others = Self.alike.filter { $0 != name }
            let schema = try Self.schema(others, required: others)
            #expect(schema.validate(try Self.document(Self.alike)).map(\.keyword) == ["additionalProperties"])
            let all = try Self.schema(Self.alike, required: Self.alike)
            #expect(all.validate(try Self.document(others)).map(\.keyword) == ["required"])
            let optional = try Self.schema(Self.alike, required: [])
            #expect(optional.isValid(try Self.document(others)))
        }
    }

    /// Two spellings of one word, which `String` takes for one.
    @Test func membersWithCanonicallyEquivalentNamesHaveSchemasOfTheirOwn() throws {
        let (one, two) = ("\u{E9}", "e\u{301}")
        var properties = JSONObject()
        properties[one] = ["type": "string", "default": 1]
        properties[two] = ["type": "integer", "default": "x"]
        let schema = try CompiledSchema(["properties": .object(properties)])
        #expect(schema.isValid(try JSONDocument(parsing: #"{"\#(one)":"x","\#(two)":1}"#)))
        for name in [one, two] {
            let violations = schema.validate(try JSONDocument(parsing: #"{"\#(name)":null}"#))
            #expect(violations.map { Array($0.schemaPointer.utf8) } == [Array("/properties/\(name)/type".utf8)])
        }
        let refused = schema.refusedDefaults().map { Array($0.pointer.utf8) }
        #expect(Set(refused) == Set([one, two].map { Array("/properties/\($0)/default".utf8) }))
    }

    /// Tables without a declared member, and those whose names are only required.
    @Test func namesThatAreOnlyRequired() throws {
        let schema = try CompiledSchema(["required": ["a", "abcdefghi"]])
        #expect(schema.isValid(try Self.document(["abcdefghi", "b", "a"].filter(Self.alike.contains))))
        #expect(!schema.isValid(try Self.document(["a", "abcdefgh"])))
        let closed = try CompiledSchema(["additionalProperties": false])
        #expect(closed.isValid(try Self.document([])))
        for name in Self.alike { #expect(!closed.isValid(try Self.document([name]))) }
    }

    /// Members that only have to be of a type are not looked at any further, which is right only where there is nothing
    /// more.
    @Test func aTypeIsEnoughOnlyWhereNothingElseIsAsked() throws {
        let schema = try CompiledSchema([
            "properties": [
                "s": ["type": "string"], "n": ["type": ["null", "number"]], "i": ["type": "integer"],
                "b": ["type": "string", "minLength": 2], "f": false,
            ]
        ])
        for text in [#"{"s":"","n":null,"i":1.0,"b":"ab"}"#, #"{"n":1.5,"i":-1}"#] {
            #expect(schema.isValid(try JSONDocument(parsing: text)), "\(text)")
        }
        for text in [#"{"s":1}"#, #"{"n":"1"}"#, #"{"i":1.5}"#, #"{"b":"a"}"#, #"{"b":1}"#, #"{"f":"a"}"#] {
            #expect(!schema.isValid(try JSONDocument(parsing: text)), "\(text)")
        }
    }

    @Test func namesThatAreAlikeAreNoDuplicates() throws {
        #expect(throws: Never.self) { try Self.document(Self.alike) }
        for name in Self.alike {
            #expect(throws: JSONSyntaxError.self) { try Self.document(Self.alike + [name]) }
            #expect(throws: JSONSyntaxError.self) { try Self.document([name] + Self.alike) }
        }
        // So many that every bit that names leave behind is set.
        let many = (0..<500).map { "\"name-\($0)\":\($0)" }
        #expect(throws: Never.self) { try JSONDocument(parsing: "{\(many.joined(separator: ","))}") }
        #expect(throws: JSONSyntaxError.self) {
            try JSONDocument(parsing: "{\((many + ["\"name-77\":1"]).joined(separator: ","))}")
        }
    }
}
