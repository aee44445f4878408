// Settles every reference of a schema: which places need a name of their own in a document, and who points there.

import JSON
import JSONSchema

/// The references of one schema, resolved.
struct SchemaReferences {
    private(set) var index: SchemaIndex
    /// From the place of a reference's text to the place it names.
    private(set) var targetOf: [JSONPointer: JSONPointer] = [:]
    /// What has to become a component: all definitions, then whatever else is referred to, in the order met.
    private(set) var targets: [JSONPointer] = []
    private(set) var problems: [SchemaIndex.Fault]

    init(_ root: JSONValue) {
        index = SchemaIndex(root)
        problems = []
        for pointer in index.order where Self.isDefinition(pointer, in: index) {
            targets.append(pointer)
        }
        var known = Set(targets)
        // The order grows while it is walked: a reference may reveal a schema where none was looked for.
        var next = 0
        while next < index.order.count {
            let pointer = index.order[next]
            next += 1
            guard let entry = index.entries[pointer], case .object(let members) = entry.schema else { continue }
            for (keyword, value) in members {
                examine(keyword, value, of: pointer)
                for (place, reference, isDynamic) in Self.references(keyword, value) {
                    settle(reference, isDynamic: isDynamic, at: pointer, place: pointer.appending(place), &known)
                }
            }
        }
        problems = index.problems + problems
    }

    /// Whether this place is where an author gives a schema a name.
    func isDefinition(_ pointer: JSONPointer) -> Bool { Self.isDefinition(pointer, in: index) }

    /// `true` for a direct child of a schema's `$defs` or `definitions`.
    private static func isDefinition(_ pointer: JSONPointer, in index: SchemaIndex) -> Bool {
        let tokens = pointer.tokens
        guard tokens.count >= 2, SchemaKeywords.definitions.contains(tokens[tokens.count - 2]) else { return false }
        return index.entries[JSONPointer(Array(tokens.dropLast(2)))] != nil
    }

    /// Every reference under `keyword`. A discriminator's mapping is one of OpenAPI's own places for references, which
    /// schema generators fill with pointers to `$defs`.
    private static func references(
        _ keyword: String, _ value: JSONValue
    ) -> [(place: [String], reference: String, isDynamic: Bool)] {
        switch keyword {
        case "$ref", "$dynamicRef":
            return value.string.map { [([keyword], $0, keyword == "$dynamicRef")] } ?? []
        case "discriminator":
            guard case .object(let mapping)? = value["mapping"] else { return [] }
            return mapping.compactMap { key, value in
                guard let text = value.string, text.hasPrefix("#") else { return nil }
                return ([keyword, "mapping", key], text, false)
            }
        default:
            return []
        }
    }

    private mutating func settle(
        _ reference: String, isDynamic: Bool, at pointer: JSONPointer, place: JSONPointer,
        _ known: inout Set<JSONPointer>
    ) {
        do throws(SchemaIndex.Fault) {
            let target =
                try isDynamic
                ? index.dynamicTarget(of: reference, at: pointer) : index.target(of: reference, at: pointer)
            guard index.addReferred(at: target) else {
                throw SchemaIndex.Fault(pointer: pointer, reason: "refers to \(reference), where there is no schema")
            }
            targetOf[place] = target
            if known.insert(target).inserted { targets.append(target) }
        } catch {
            problems.append(SchemaIndex.Fault(pointer: place, reason: error.reason))
        }
    }

    /// Importers take every member called `$ref` for a reference, wherever it stands. A document in which one is data
    /// would break them, or make them read something else than what is meant.
    private mutating func examine(_ keyword: String, _ value: JSONValue, of pointer: JSONPointer) {
        let reason = "has a member called $ref that is data; importers would follow it as a reference"
        if keyword == "$ref" || keyword == "$dynamicRef" {
            if value.string == nil {
                problems.append(SchemaIndex.Fault(pointer: pointer.appending(keyword), reason: "must be a string"))
            }
        } else if SchemaKeywords.definitions.contains(keyword) {
            return
        } else if SchemaKeywords.schemas(under: keyword, value).isEmpty {
            if Self.mentionsReference(value) {
                problems.append(SchemaIndex.Fault(pointer: pointer.appending(keyword), reason: reason))
            }
        } else if SchemaKeywords.holdingMap.contains(keyword), value["$ref"] != nil {
            problems.append(SchemaIndex.Fault(pointer: pointer.appending(keyword), reason: reason))
        }
    }

    private static func mentionsReference(_ value: JSONValue) -> Bool {
        switch value {
        case .object(let members): members.contains { $0.key == "$ref" || mentionsReference($0.value) }
        case .array(let elements): elements.contains(where: mentionsReference)
        default: false
        }
    }
}
