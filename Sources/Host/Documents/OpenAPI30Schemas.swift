// Tells JSON Schema 2020-12 in the words of OpenAPI 3.0, for importers that know nothing newer.

import JSON
import JSONSchema

/// Converts the schemas of one tool and keeps count of what got lost.
///
/// Whatever 3.0 can say is said exactly. Anything else is left out or loosened, so that a converted schema accepts all
/// that the original accepts, and the keyword is noted. The host itself always validates by the original.
struct OpenAPI30Schemas {
    private let tool: String
    /// References to components that come out looser than they were.
    private let looseReferences: Set<String>
    private(set) var notExpressed: [OpenAPIDocument.NotExpressed] = []
    /// How often something was loosened so far: the difference tells whether it happened below a schema.
    private var looseness = 0

    /// Keywords that mean the same in 3.0.3 (section 4.7.24).
    private static let unchanged: Set<String> = [
        "title", "description", "default", "example", "format", "deprecated", "readOnly", "writeOnly", "multipleOf",
        "maximum", "minimum", "pattern", "uniqueItems", "discriminator", "externalDocs", "xml",
    ]
    /// Keywords whose loss lets more through. All others only tell something (JSON Schema Core 2020-12 section 7.7),
    /// those that nobody knows included (section 6.5), such as `dependencies` and `additionalItems` of older drafts.
    private static let asserting: Set<String> = [
        "contains", "minContains", "maxContains", "dependentRequired", "dependentSchemas", "if", "then", "else",
        "propertyNames", "patternProperties", "prefixItems", "unevaluatedItems", "unevaluatedProperties", "not",
        "oneOf",
    ]
    private static let counts: Set<String> = [
        "maxLength", "minLength", "maxItems", "minItems", "maxProperties", "minProperties",
    ]

    /// - Parameter components: all components of the tool, as they stand in the 3.1 document.
    init(tool: String, components: [(name: String, schema: JSONValue)]) {
        // A component is loose by itself, or because one that it refers to is: go on until no more are found.
        var loose: Set<String> = []
        var before: Int
        repeat {
            before = loose.count
            for component in components {
                var trial = OpenAPI30Schemas(tool: tool, looseReferences: loose)
                _ = trial.converted(component.schema, at: JSONPointer())
                if trial.looseness > 0 { loose.insert(SchemaRelocation.reference(to: component.name)) }
            }
        } while loose.count > before
        self.init(tool: tool, looseReferences: loose)
    }

    private init(tool: String, looseReferences: Set<String>) {
        self.tool = tool
        self.looseReferences = looseReferences
    }

    /// `schema`, which stands at `place` in the 3.1 document, for 3.0.3.
    mutating func converted(_ schema: JSONValue, at place: JSONPointer) -> JSONValue {
        guard case .object(let source) = schema else {
            return schema == false ? ["not": [:]] : [:]
        }
        var target = JSONObject()
        var conjuncts: [JSONValue] = []
        for (keyword, value) in source {
            switch keyword {
            case _ where Self.unchanged.contains(keyword) || keyword.hasPrefix("x-"):
                target[keyword] = value
            case _ where Self.counts.contains(keyword):
                // 2020-12 allows 2.0 for 2; the meta-schema of 3.0 does not.
                target[keyword] = value.int64.map { .number(JSONNumber($0)) } ?? value
            case "$ref":
                if looseReferences.contains(value.string ?? "") { looseness += 1 }
                conjuncts.insert(["$ref": value], at: 0)
            case "type", "const", "enum", "required", "examples", "contentEncoding":
                convertPlain(keyword, value, of: source, at: place, into: &target, &conjuncts)
            case "properties", "allOf", "anyOf", "oneOf", "not":
                convertApplicator(keyword, value, at: place, into: &target)
            case "items" where source["prefixItems"] != nil,
                "additionalProperties" where source["patternProperties"] != nil:
                break
            case "items", "prefixItems":
                convertItems(of: source, at: place, into: &target)
            case "additionalProperties", "patternProperties":
                convertAdditional(of: source, at: place, into: &target)
            case "exclusiveMinimum", "exclusiveMaximum", "$comment":
                break
            default:
                lose(keyword, at: place)
            }
        }
        Self.convertBound("minimum", "exclusiveMinimum", of: source, into: &target, isLooser: <)
        Self.convertBound("maximum", "exclusiveMaximum", of: source, into: &target, isLooser: >)
        if target["type"] == "array", target["items"] == nil { target["items"] = [:] }
        return Self.conjunction(target, conjuncts)
    }

    private mutating func lose(_ keyword: String, at place: JSONPointer) {
        if Self.asserting.contains(keyword) { looseness += 1 }
        notExpressed.append(
            OpenAPIDocument.NotExpressed(tool: tool, pointer: place.appending(keyword), keyword: keyword))
    }

    private mutating func convertPlain(
        _ keyword: String, _ value: JSONValue, of source: JSONObject, at place: JSONPointer,
        into target: inout JSONObject, _ conjuncts: inout [JSONValue]
    ) {
        switch keyword {
        case "type":
            Self.convertType(value, into: &target, &conjuncts)
        case "const":
            conjuncts.append(["enum": [value]])
        case "enum":
            if value == [] { conjuncts.append(["not": [:]]) } else { target["enum"] = value }
        case "required":
            // 3.0 allows no empty list.
            if value != [] { target["required"] = value }
        case "examples":
            target["example"] = value[0]
            if (value.array?.count ?? 0) > 1 { lose(keyword, at: place) }
        default:
            if value == "base64", source["format"] == nil {
                target["format"] = "byte"
            } else {
                lose(keyword, at: place)
            }
        }
    }

    /// 3.0 has one type a schema, and `nullable` beside it for null.
    private static func convertType(_ value: JSONValue, into target: inout JSONObject, _ conjuncts: inout [JSONValue]) {
        let types = value.array ?? [value]
        let named = types.filter { $0 != "null" }
        let isNullable = named.count < types.count
        switch named.count {
        case 0:
            conjuncts.append(["enum": [nil]])
        case 1:
            target["type"] = named[0]
            if isNullable { target["nullable"] = true }
        default:
            let alternatives = named.map { type in
                var alternative = JSONObject()
                alternative["type"] = type
                if type == "array" { alternative["items"] = [:] }
                if isNullable { alternative["nullable"] = true }
                return JSONValue.object(alternative)
            }
            conjuncts.append(["anyOf": .array(alternatives)])
        }
    }

    /// Loosening what stands under `not` would tighten the whole, and so it would where exactly one branch may fit.
    private mutating func convertApplicator(
        _ keyword: String, _ value: JSONValue, at place: JSONPointer, into target: inout JSONObject
    ) {
        let before = looseness
        var inner = self
        let result = SchemaKeywords.replacingSchemas(under: keyword, value) { path, subschema in
            inner.converted(subschema, at: place.appending(path))
        }
        self = inner
        let isLoosened = looseness > before
        switch keyword {
        case "not" where isLoosened:
            lose(keyword, at: place)
        case "oneOf" where isLoosened:
            lose(keyword, at: place)
            if target["anyOf"] == nil { target["anyOf"] = result }
        case "anyOf" where target["anyOf"] != nil:
            target["allOf"] = .array((target["allOf"]?.array ?? []) + [["anyOf": result]])
        case "allOf":
            target["allOf"] = .array((target["allOf"]?.array ?? []) + (result.array ?? []))
        default:
            target[keyword] = result
        }
    }

    /// 3.0 knows one schema for all elements: a tuple becomes a list of any of its members.
    private mutating func convertItems(of source: JSONObject, at place: JSONPointer, into target: inout JSONObject) {
        let rest = source["items"].map { converted($0, at: place.appending("items")) }
        guard let tuple = source["prefixItems"]?.array else {
            target["items"] = rest
            return
        }
        lose("prefixItems", at: place)
        var members: [JSONValue] = []
        for (index, member) in tuple.enumerated() {
            members.append(converted(member, at: place.appending("prefixItems", String(index))))
        }
        if source["items"] == PlainSchema.never || source["items"] == false {
            target["items"] = ["anyOf": .array(members)]
            if source["maxItems"] == nil { target["maxItems"] = .number(JSONNumber(Int64(tuple.count))) }
        } else {
            // What takes anything needs no alternatives.
            target["items"] = rest.flatMap { $0 == [:] ? nil : ["anyOf": .array(members + [$0])] } ?? [:]
        }
    }

    /// 3.0 does not tell properties apart by pattern: those that match one count among the additional ones.
    private mutating func convertAdditional(of source: JSONObject, at place: JSONPointer, into target: inout JSONObject)
    {
        var rest = source["additionalProperties"]
        if case .object = rest {
            rest = rest.map { converted($0, at: place.appending("additionalProperties")) }
        }
        guard case .object(let patterns)? = source["patternProperties"] else {
            target["additionalProperties"] = rest
            return
        }
        lose("patternProperties", at: place)
        guard let rest, rest != true else { return }
        var alternatives: [JSONValue] = []
        for (pattern, schema) in patterns {
            alternatives.append(converted(schema, at: place.appending("patternProperties", pattern)))
        }
        if rest != false { alternatives.append(rest) }
        target["additionalProperties"] = alternatives.isEmpty ? false : ["anyOf": .array(alternatives)]
    }

    /// In 3.0 an exclusive bound is a flag beside the bound, so only the tighter one of two can stand.
    private static func convertBound(
        _ inclusive: String, _ exclusive: String, of source: JSONObject, into target: inout JSONObject,
        isLooser: (JSONNumber, JSONNumber) -> Bool
    ) {
        guard case .number(let limit)? = source[exclusive] else { return }
        if case .number(let other)? = source[inclusive], isLooser(limit, other) { return }
        target[inclusive] = .number(limit)
        target[exclusive] = true
    }

    /// `target` and all of `conjuncts`; 3.0 ignores what stands beside a reference, so it goes into `allOf`.
    private static func conjunction(_ target: JSONObject, _ conjuncts: [JSONValue]) -> JSONValue {
        var target = target
        var rest: [JSONValue] = []
        for conjunct in conjuncts {
            if let choice = conjunct["enum"], target["enum"] == nil {
                target["enum"] = choice
            } else if let choice = conjunct["anyOf"], target["anyOf"] == nil {
                target["anyOf"] = choice
            } else {
                rest.append(conjunct)
            }
        }
        guard !rest.isEmpty else { return .object(target) }
        if target.count == 0, rest.count == 1 { return rest[0] }
        target["allOf"] = .array(rest + (target["allOf"]?.array ?? []))
        return .object(target)
    }
}
