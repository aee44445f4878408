// Picks out of an agent's answer what fits a tool's output schema, and leaves what does not.

import ToolSDK

/// The members that a tool's output schema declares, each compiled by itself, so that one that does not fit does not
/// take the others with it.
struct OutputMembers: Sendable {
    private struct Member: Sendable {
        let name: String
        let schema: JSONValue
        /// Looks at this member of a whole answer.
        let check: CompiledSchema
    }

    /// What an object holds for the tool.
    struct Found: Sendable {
        /// In the order in which the schema declares them, without what it does not declare.
        var fitting = JSONObject()
        /// Members by declared names whose values do not fit; as they came.
        var unfit = JSONObject()
    }

    private let members: [Member]

    /// Names that wrappers around an answer use for themselves: alone they prove nothing.
    private static let commonNames: Set<String> = ["id", "name", "type"]

    /// - Parameters:
    ///   - schema: Of an object. A member whose schema is none never fits; no host serves such a tool.
    ///   - words: The member for prose, which is not looked for.
    init(of schema: JSONValue, except words: String) {
        members = (schema["properties"]?.object ?? JSONObject()).compactMap { name, property in
            let alone: JSONValue = ["properties": .object([name: property])]
            guard name != words, let check = try? CompiledSchema(alone) else { return nil }
            return Member(name: name, schema: property, check: check)
        }
    }

    /// What an answer holds, when its root is the object that is meant. A member that is null is one that is missing.
    func find(in document: JSONDocument) -> Found {
        var found = Found()
        for member in members {
            guard let node = document.root[member.name], !node.isNull else { continue }
            if member.check.isValid(document) {
                found.fitting[member.name] = Self.declared(node.value, by: member.schema)
            } else {
                found.unfit[member.name] = node.value
            }
        }
        let isCommon = (found.fitting.keys + found.unfit.keys).allSatisfy(Self.commonNames.contains)
        // A model's message has an id and a type too, which are no member of this answer, fit or unfit.
        if isCommon, found.fitting.count < 2 { return Found() }
        if found.fitting.keys.allSatisfy(Self.commonNames.contains), found.fitting.count < 2 { found.fitting = [:] }
        return found
    }

    /// A value without the members that its schema does not name: what a tool does not declare is not for its callers.
    private static func declared(_ value: JSONValue, by schema: JSONValue) -> JSONValue {
        switch value {
        case .object(let object):
            guard let properties = schema["properties"]?.object else { return value }
            var kept = JSONObject()
            for (name, property) in properties {
                guard let member = object[name] else { continue }
                kept[name] = declared(member, by: property)
            }
            return .object(kept)
        case .array(let elements):
            guard let items = schema["items"] else { return value }
            return .array(elements.map { declared($0, by: items) })
        default: return value
        }
    }
}
