// Looks for what clients refuse or misread in schemas.

import HostDocuments
import JSON
import JSONSchema

/// The checks of `ClientQuirks` that are about schemas.
enum SchemaQuirks {
    typealias Spot = ClientQuirk.Spot

    /// The patterns of the input, with the place of each.
    private static func patterns(_ tool: ToolSubject) -> [(pointer: JSONPointer, pattern: String)] {
        tool.input.flatMap { schema -> [(JSONPointer, String)] in
            var found: [(JSONPointer, String)] = []
            if let pattern = schema.members["pattern"]?.string {
                found.append((schema.pointer.appending("pattern"), pattern))
            }
            for pattern in (schema.members["patternProperties"]?.object ?? [:]).keys {
                found.append((schema.pointer.appending("patternProperties", pattern), pattern))
            }
            return found
        }
    }

    /// What stands unescaped in a pattern, escapes included as pairs.
    private static func has(_ pattern: String, _ test: (_ escape: Bool, _ rest: Substring.UnicodeScalarView) -> Bool)
        -> Bool
    {
        var rest = pattern[...].unicodeScalars
        while let scalar = rest.first {
            if scalar == "\\" {
                if test(true, rest.dropFirst()) { return true }
                rest = rest.dropFirst(2)
            } else {
                if test(false, rest) { return true }
                rest = rest.dropFirst()
            }
        }
        return false
    }

    static let unicodeProperties: @Sendable (ToolSubject) -> [Spot] = { tool in
        patterns(tool).filter { has($0.pattern) { $0 && ["p", "P"].contains($1.first) } }
            .map { Spot(pointer: $0.pointer, detail: "has \\p{…} in it") }
    }

    static let lookaround: @Sendable (ToolSubject) -> [Spot] = { tool in
        patterns(tool).filter { item in
            has(item.pattern) { isEscape, rest in
                !isEscape && ["(?=", "(?!", "(?<=", "(?<!"].contains { rest.starts(with: $0.unicodeScalars) }
            }
        }
        .map { Spot(pointer: $0.pointer, detail: "has look-around in it") }
    }

    static let unionsAtTheRoot: @Sendable (ToolSubject) -> [Spot] = { tool in
        guard let root = tool.input.first else { return [] }
        return ["anyOf", "oneOf", "allOf", "not", "enum"].filter { root.members[$0] != nil }
            .map { Spot(pointer: root.pointer.appending($0), detail: "stands at the root") }
    }

    static let propertyNames: @Sendable (ToolSubject) -> [Spot] = { tool in
        guard let root = tool.input.first else { return [] }
        return (root.members["properties"]?.object ?? [:]).keys
            .filter { name in
                !(1...64).contains(name.utf8.count)
                    || !name.utf8.allSatisfy { OpenAILimits.isNameByte($0) || $0 == 0x2D || $0 == 0x2E }
            }
            .map { name in
                let count = name.unicodeScalars.count
                let detail =
                    (1...64).contains(count)
                    ? "has a name with other characters than A-Z a-z 0-9 _ . -"
                    : "has a name of \(count) characters instead of 1 to 64"
                return Spot(pointer: root.pointer.appending("properties", name), detail: detail)
            }
    }

    static let typeListsOfItems: @Sendable (ToolSubject) -> [Spot] = { tool in
        tool.input.filter { ($0.members["items"]?["type"]?.array?.count ?? 0) > 1 }
            .map { Spot(pointer: $0.pointer.appending("items", "type"), detail: "lists several types") }
    }

    static let references: @Sendable (ToolSubject) -> [Spot] = { tool in
        tool.input.flatMap { schema in
            ["$ref", "$dynamicRef"].filter { schema.members[$0] != nil }
                .map { Spot(pointer: schema.pointer.appending($0), detail: "is a reference") }
        }
    }

    static let size: @Sendable (ToolSubject) -> [Spot] = { tool in
        var (properties, values, characters) = (0, 0, 0)
        for schema in tool.input {
            for name in (schema.members["properties"]?.object ?? [:]).keys {
                properties += 1
                characters += name.unicodeScalars.count
            }
            for value in schema.members["enum"]?.array ?? [] {
                values += 1
                characters += value.string?.unicodeScalars.count ?? 0
            }
        }
        let depth = tool.input.map(\.depth).max() ?? 0
        let counts = [
            (depth, 10, "objects inside each other"), (properties, 5_000, "properties"),
            (values, 1_000, "values of enum"),
            (characters, 120_000, "characters of names and values of enum"),
        ]
        return counts.filter { $0.0 > $0.1 }
            .map { Spot(pointer: JSONPointer(["input_schema"]), detail: "has \($0.0) \($0.2)") }
    }

    static let defaults: @Sendable (ToolSubject) -> [Spot] = { $0.refusedDefaults }
    static let examples: @Sendable (ToolSubject) -> [Spot] = { $0.refusedExamples }

    private static func using(_ keyword: String, _ tool: ToolSubject, _ detail: String) -> [Spot] {
        (tool.input + tool.output).filter { $0.members[keyword] != nil }
            .map { Spot(pointer: $0.pointer.appending(keyword), detail: detail) }
    }

    static let nullable: @Sendable (ToolSubject) -> [Spot] = { using("nullable", $0, "is ignored") }
    static let dependencies: @Sendable (ToolSubject) -> [Spot] = { using("dependencies", $0, "is ignored") }
    static let dialects: @Sendable (ToolSubject) -> [Spot] = { using("$schema", $0, "names a dialect") }

    static let booleans: @Sendable (ToolSubject) -> [Spot] = { tool in
        (tool.input + tool.output).flatMap { schema in
            schema.members.flatMap { keyword, value in
                PlainSchema.keepsBoolean(keyword)
                    ? []
                    : SchemaKeywords.schemas(under: keyword, value).filter { $0.schema.bool != nil }
                        .map { Spot(pointer: schema.pointer.appending($0.path), detail: "is a boolean") }
            }
        }
    }

    private static func lacking(_ keyword: String, of type: String, _ tool: ToolSubject) -> [Spot] {
        (tool.input + tool.output)
            .filter { PlainSchema.has(type, $0.members) && $0.members[keyword] == nil }
            .map { Spot(pointer: $0.pointer, detail: "has no \(keyword)") }
    }

    static let objectsWithoutProperties: @Sendable (ToolSubject) -> [Spot] = {
        lacking("properties", of: "object", $0)
    }
    static let arraysWithoutItems: @Sendable (ToolSubject) -> [Spot] = { lacking("items", of: "array", $0) }
}
