// Schemas that go by a name, so that what is used in many places is published once.

import JSON

/// What stands in `$defs` under a name.
@usableFromInline
struct SchemaDefinition: Sendable {
    @usableFromInline let name: String
    @usableFromInline let render: @Sendable (SchemaUse) -> JSONObject

    @usableFromInline
    init(name: String, render: @escaping @Sendable (SchemaUse) -> JSONObject) {
        self.name = name
        self.render = render
    }

    var reference: String { Self.prefix + name }

    static let prefix = "#/$defs/"

    /// What OpenAPI takes as the name of a component (3.1.0 section 4.8.7.1), which is also what stands in a URI as it
    /// is.
    static func isName(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}

extension Schema {
    /// The same schema under a name. In answers it is published once, in `$defs` of the tool's output schema, and
    /// referred to wherever it is used; documents make a component of it and generators of clients a type, both of that
    /// name.
    ///
    /// Arguments and configurations stay in one piece, since there are clients that follow no reference in what they
    /// have to fill in. Reading and writing are the same with a name as without.
    ///
    /// - Parameter name: 1 to 64 letters, digits, `-`, `.` and `_`. Within a tool's output one name stands for one
    ///   schema. ``ToolPack/problems()`` tells of a name that is none or stands for two; a host refuses such a tool.
    public func named(_ name: String) -> Schema {
        let definition = SchemaDefinition(name: name, render: render)
        let fault = "\"\(name)\" is not a schema's name: 1 to 64 letters, digits, \"-\", \".\" and \"_\""
        return Schema(
            faults: faults + (SchemaDefinition.isName(name) ? [] : [fault]),
            definitions: definitions + [definition],
            form: form,
            render: { use in use == .output ? ["$ref": .string(definition.reference)] : definition.render(use) },
            read: read,
            write: write)
    }
}

extension [SchemaDefinition] {
    /// A schema with all that it refers to in `$defs`, and itself no reference, which importers stumble over at the
    /// root.
    ///
    /// What has no proper name, or one that stands for two schemas, is left out: a reference that leads nowhere makes
    /// the host refuse the tool, where one that leads to the wrong place would have it refuse answers.
    func published(with root: JSONObject) -> JSONObject {
        var schema = resolved(root)
        let ambiguous = Set(ambiguousNames)
        var definitions = JSONObject()
        var wanted = Self.references(in: .object(schema))
        while let reference = wanted.popLast() {
            guard let definition = last(where: { $0.reference == reference }), definitions[definition.name] == nil,
                SchemaDefinition.isName(definition.name), !ambiguous.contains(definition.name)
            else { continue }
            let rendered = JSONValue.object(definition.render(.output))
            definitions[definition.name] = rendered
            wanted += Self.references(in: rendered)
        }
        // As they were declared, so that the same declaration always gives the same bytes.
        var ordered = JSONObject()
        for definition in self { ordered[definition.name] = definitions[definition.name] }
        if !ordered.isEmpty { schema["$defs"] = .object(ordered) }
        return schema
    }

    /// A schema that is a reference as what it refers to, with what stands beside the reference.
    func resolved(_ schema: JSONObject) -> JSONObject {
        guard let reference = schema["$ref"]?.string, let definition = last(where: { $0.reference == reference })
        else { return schema }
        var whole = resolved(definition.render(.output))
        for (keyword, value) in schema where keyword != "$ref" { whole[keyword] = value }
        return whole
    }

    /// Names that stand for different schemas.
    var ambiguousNames: [String] {
        var known: [String: JSONObject] = [:]
        var names: [String] = []
        for definition in self {
            let rendered = definition.render(.output)
            guard let first = known[definition.name] else {
                known[definition.name] = rendered
                continue
            }
            if first != rendered, !names.contains(definition.name) { names.append(definition.name) }
        }
        return names
    }

    private static func references(in value: JSONValue) -> [String] {
        switch value {
        case .object(let object):
            object.flatMap { name, inner in
                name == "$ref" ? inner.string.map { [$0] } ?? references(in: inner) : references(in: inner)
            }
        case .array(let elements): elements.flatMap(references)
        default: []
        }
    }
}

extension Schema {
    /// The mistakes in the declaration of an answer, names that stand for two schemas among them.
    @usableFromInline
    var publishedFaults: [String] {
        faults + definitions.ambiguousNames.map { "two different schemas are named \"\($0)\"" }
    }
}
