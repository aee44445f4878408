// Picks out of an answer what fits a tool's output schema, and leaves what does not.

import JSON
import JSONSchema
import ToolSDK

/// The members that a tool's output schema declares, each compiled by itself, so that one that does not fit does not
/// take the others with it.
struct OutputMembers: Sendable {
    fileprivate struct Member: Sendable {
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
    private let properties: JSONObject
    /// What an answer without words has.
    private let required: [String]

    /// Names that wrappers around an answer use for themselves: alone they prove nothing.
    private static let commonNames: Set<String> = ["id", "name", "type"]

    /// - Parameter output: A tool's output schema, as it is published. A member whose schema is none never fits; no
    ///   host serves such a tool. The member for words is not looked for.
    init(of output: JSONValue) {
        let whole = Self.whole(of: output)
        properties = whole["properties"]?.object ?? JSONObject()
        required = (whole["required"]?.array ?? []).compactMap(\.string)
        members = properties.compactMap { name, property in
            let alone: JSONValue = ["properties": .object([name: property])]
            guard name != AgentWords.member, let check = try? CompiledSchema(alone) else { return nil }
            return Member(name: name, schema: property, check: check)
        }
    }

    /// What an answer holds, when its root is the object that is meant. A member that is null is one that is missing.
    func find(in document: JSONDocument) -> Found {
        var found = Found()
        // Names that no wrapper has.
        var (proven, named) = (0, 0)
        var earlier: [String] = []
        for member in members {
            guard
                let (node, isEarlier) = EarlierNames.member(
                    member.name, of: properties, find: { document.root[$0]?.value })
            else { continue }
            var isRenamed = isEarlier
            let value = Self.declared(node, by: member.schema, &isRenamed)
            // `code` may be that of an error, or of anything: where it does not fit, it is not what was meant.
            let isCommon = isEarlier || Self.commonNames.contains(member.name)
            named += isCommon ? 0 : 1
            if isRenamed ? member.fits(value) : member.check.isValid(document) {
                found.fitting[member.name] = value
                proven += isCommon ? 0 : 1
                if isEarlier { earlier.append(member.name) }
            } else if !isEarlier {
                found.unfit[member.name] = node
            }
        }
        if proven == 0 { for name in earlier { found.fitting[name] = nil } }
        guard found.fitting.count < 2 else { return found }
        // A model's message has an id and a type too, which are no member of this answer, fit or unfit.
        if named == 0 { return Found() }
        if proven == 0 { found.fitting = [:] }
        return found
    }

    /// An answer made of what was found and said: all that the tool's own answers have, or one with words.
    ///
    /// - Parameters:
    ///   - words: What was said beside the members.
    ///   - otherwise: What to say where that is nothing, and a member is missing that must be there.
    func answer(_ found: Found, words: [String], otherwise: String) -> JSONObject {
        var words = words
        if !found.unfit.isEmpty { words.append(JSONValue.object(found.unfit).description) }
        var parts = found.fitting
        if words.isEmpty, !required.allSatisfy({ parts[$0] != nil }) { words = [otherwise] }
        if !words.isEmpty { parts[AgentWords.member] = .string(words.joined(separator: "\n\n")) }
        return parts
    }

    /// A value without the members that its schema does not name, since what a tool does not declare is not for its
    /// callers; the others by the names they have today.
    private static func declared(_ value: JSONValue, by schema: JSONValue, _ isRenamed: inout Bool) -> JSONValue {
        switch value {
        case .object(let object):
            guard let properties = schema["properties"]?.object else { return value }
            var kept = JSONObject()
            for (name, property) in properties {
                guard let (member, isEarlier) = EarlierNames.member(name, of: properties, find: { object[$0] })
                else {
                    // Null is nothing at the root alone; further in it does not fit, and is seen not to.
                    kept[name] = object[name]
                    continue
                }
                if isEarlier { isRenamed = true }
                kept[name] = declared(member, by: property, &isRenamed)
            }
            return .object(kept)
        case .array(let elements):
            guard let items = schema["items"] else { return value }
            return .array(elements.map { declared($0, by: items, &isRenamed) })
        default: return value
        }
    }

    /// The object that a tool answers where it knows all of it, in one piece.
    private static func whole(of output: JSONValue) -> JSONValue {
        inlined(output["anyOf"]?[0] ?? output, output["$defs"]?.object ?? JSONObject())
    }

    /// Names stand for smaller schemas only, so that this comes to an end.
    private static func inlined(_ schema: JSONValue, _ definitions: JSONObject) -> JSONValue {
        switch schema {
        case .object(let keywords):
            var whole = JSONObject()
            for (keyword, value) in keywords {
                guard keyword == "$ref", let name = value.string?.split(separator: "/").last,
                    case .object(let definition)? = definitions[String(name)].map({ inlined($0, definitions) })
                else {
                    whole[keyword] = inlined(value, definitions)
                    continue
                }
                for (keyword, value) in definition where whole[keyword] == nil { whole[keyword] = value }
            }
            return .object(whole)
        case .array(let elements): return .array(elements.map { inlined($0, definitions) })
        default: return schema
        }
    }
}

extension OutputMembers.Member {
    fileprivate func fits(_ value: JSONValue) -> Bool {
        (try? JSONDocument(.object([name: value]))).map(check.isValid) ?? false
    }
}
