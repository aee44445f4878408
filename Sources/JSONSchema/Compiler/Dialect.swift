// Which drafts of JSON Schema are read: 2020-12, and older ones as far as they say the same in the same words.

import JSON

/// A published draft, as `$schema` names it.
public enum Dialect: Int, Sendable, Comparable, CaseIterable {
    case draft04
    case draft06
    case draft07
    case draft2019
    case draft2020

    /// The draft that `$schema` names, with or without an empty fragment; `nil` for anything else.
    public init?(uri: String) {
        let plain = uri.hasSuffix("#") ? String(uri.dropLast()) : uri
        // Older drafts are called by http, and many write https.
        let name = plain.hasPrefix("http://") ? "https" + plain.dropFirst(4) : plain
        guard let dialect = Self.allCases.first(where: { $0.uri == name }),
            dialect < .draft2019 || plain.hasPrefix("https")
        else { return nil }
        self = dialect
    }

    /// By https, without a fragment.
    public var uri: String {
        switch self {
        case .draft04: "https://json-schema.org/draft-04/schema"
        case .draft06: "https://json-schema.org/draft-06/schema"
        case .draft07: "https://json-schema.org/draft-07/schema"
        case .draft2019: "https://json-schema.org/draft/2019-09/schema"
        case .draft2020: Vocabulary.dialect
        }
    }

    /// As people call it.
    public var name: String {
        switch self {
        case .draft04: "draft-04"
        case .draft06: "draft-06"
        case .draft07: "draft-07"
        case .draft2019: "2019-09"
        case .draft2020: "2020-12"
        }
    }

    public static func < (a: Dialect, b: Dialect) -> Bool { a.rawValue < b.rawValue }
}

extension Dialect {
    /// What a schema of this draft says that 2020-12 reads differently, with the way out; `nil` where both read it
    /// alike.
    ///
    /// - Parameter members: of one schema; those inside it are asked for themselves.
    func difference(in members: JSONObject) -> (keyword: String, reason: String)? {
        if self == .draft2020 { return nil }
        if let found = changed(members) { return found }
        if self < .draft2019, members["$ref"] != nil, let other = members.keys.first(where: Self.asserting.contains) {
            return (
                other,
                "stands beside $ref, where \(name) ignores it and 2020-12 does not; leave it out, or write the "
                    + "reference as \"allOf\": [{\"$ref\": …}]"
            )
        }
        for (keyword, since) in Self.firstKnown where self < since && members[keyword] != nil {
            // These two say something about `contains` only.
            if keyword.hasSuffix("Contains"), members["contains"] == nil { continue }
            return (
                keyword,
                "is no keyword of \(name), which ignores it, and one of 2020-12; leave it out, or say "
                    + "\"$schema\": \"\(Vocabulary.dialect)\""
            )
        }
        return nil
    }

    private func changed(_ members: JSONObject) -> (keyword: String, reason: String)? {
        if case .array? = members["items"] {
            return (
                "items",
                "is a list of schemas in \(name); 2020-12 calls it prefixItems, and calls items what was additionalItems"
            )
        }
        if self < .draft2019, case .object(let dependencies)? = members["dependencies"], dependencies.count > 0 {
            return (
                "dependencies",
                "is ignored by 2020-12; write dependentRequired for lists of names and dependentSchemas for schemas"
            )
        }
        if self == .draft2019, members["$recursiveRef"] != nil {
            return (
                "$recursiveRef",
                "is ignored by 2020-12; write $dynamicRef, with $dynamicAnchor in place of $recursiveAnchor, or $ref"
            )
        }
        guard self == .draft04 else { return nil }
        for bound in ["exclusiveMinimum", "exclusiveMaximum"] where members[bound]?.bool != nil {
            let plain = bound == "exclusiveMinimum" ? "minimum" : "maximum"
            return (
                bound, "is true or false in draft-04; 2020-12 wants the number itself there, instead of in \(plain)"
            )
        }
        if let id = members["id"]?.string, !id.isEmpty {
            return ("id", "is ignored by 2020-12, which calls it $id (and $anchor, where it begins with #)")
        }
        return nil
    }

    /// The draft that brought a keyword which 2020-12 heeds.
    private static let firstKnown: [(keyword: String, since: Dialect)] = [
        ("const", .draft06), ("contains", .draft06), ("propertyNames", .draft06), ("$id", .draft06), ("if", .draft07),
        ("dependentRequired", .draft2019), ("dependentSchemas", .draft2019), ("minContains", .draft2019),
        ("maxContains", .draft2019), ("unevaluatedItems", .draft2019), ("unevaluatedProperties", .draft2019),
        ("prefixItems", .draft2020), ("$dynamicRef", .draft2020),
    ]

    /// Keywords of 2020-12 that make a difference beside a `$ref`.
    private static let asserting: Set<String> = [
        "$id", "$anchor", "$dynamicAnchor", "$dynamicRef", "type", "const", "enum", "multipleOf", "minimum", "maximum",
        "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength", "pattern", "format", "minItems", "maxItems",
        "uniqueItems", "minContains", "maxContains", "minProperties", "maxProperties", "required", "dependentRequired",
        "properties", "patternProperties", "additionalProperties", "propertyNames", "dependentSchemas", "prefixItems",
        "items", "contains", "allOf", "anyOf", "oneOf", "not", "if", "unevaluatedItems", "unevaluatedProperties",
    ]
}
