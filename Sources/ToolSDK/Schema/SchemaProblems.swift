// What is wrong with a published schema: what a host would refuse, and what would mislead those who read it.

import JSON
import JSONSchema

/// Looks through one schema of a pack, from its root down.
struct SchemaProblems {
    private let root: JSONValue
    /// `input`, `output` or `configuration`.
    private let name: String
    private var found: [String] = []

    /// In words, each with its place; empty where there is nothing.
    static func of(_ schema: JSONValue, at name: String) -> [String] {
        do {
            _ = try CompiledSchema(schema)
        } catch {
            return ["\(name): at \(error.pointer.isEmpty ? "its root" : error.pointer): \(error.reason)"]
        }
        var problems = SchemaProblems(root: schema, name: name)
        problems.look(at: schema, [])
        return problems.found
    }

    private init(root: JSONValue, name: String) {
        self.root = root
        self.name = name
    }

    private mutating func look(at schema: JSONValue, _ path: [String]) {
        guard let keywords = schema.object else { return }
        if let length = schema["description"]?.string?.unicodeScalars.count, length > 700 {
            note("the description has \(length) characters, more than 700", path)
        }
        for example in schema["examples"]?.array ?? [] { check(example, "an example", path) }
        if let value = schema["default"] { check(value, "the default", path) }
        for (keyword, value) in keywords {
            switch (keyword, value) {
            case ("properties", .object(let members)), ("$defs", .object(let members)):
                for (member, inner) in members { look(at: inner, path + [keyword, member]) }
            case ("anyOf", .array(let alternatives)), ("allOf", .array(let alternatives)),
                ("oneOf", .array(let alternatives)), ("prefixItems", .array(let alternatives)):
                for (number, inner) in alternatives.enumerated() { look(at: inner, path + [keyword, "\(number)"]) }
            case ("items", _), ("additionalProperties", _): look(at: value, path + [keyword])
            default: break
            }
        }
    }

    /// A value that readers are shown must be one that the host takes. Its format counts, though a host need not check
    /// it.
    private mutating func check(_ value: JSONValue, _ what: String, _ path: [String]) {
        var options = SchemaOptions(assertsFormats: true)
        options.resources = [Self.uri: root]
        guard let schema = try? CompiledSchema(["$ref": .string(Self.uri + pointer(path))], options: options),
            let document = try? JSONDocument(value)
        else { return note("\(what) cannot be looked at", path) }
        for violation in schema.validate(document, limit: 1) {
            let place = violation.instancePointer.isEmpty ? "" : " at \(violation.instancePointer)"
            note("\(what) does not fit the schema\(place): \(violation.message)", path)
        }
    }

    private static let uri = "urn:toolhost:schema"

    private mutating func note(_ problem: String, _ path: [String]) {
        // Members by their names, as their author wrote them.
        let place = path.enumerated().filter { number, step in
            !(step == "properties" && number.isMultiple(of: 2) || step == "$defs" && number == 0)
        }
        found.append(([name] + place.map(\.element)).joined(separator: ".") + ": \(problem)")
    }

    /// RFC 6901 section 6: a JSON Pointer as the fragment of a URI.
    private func pointer(_ path: [String]) -> String {
        JSONPointer(path).description.utf8.reduce(into: "#") { fragment, byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "$"), UInt8(ascii: "~"), UInt8(ascii: "/"):
                fragment.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                fragment += "%" + (digits.utf8.count == 1 ? "0" : "") + digits
            }
        }
    }
}
