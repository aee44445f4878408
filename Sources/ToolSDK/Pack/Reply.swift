// Answers of a tool that knows everything itself in one deployment, and passes on what others say in another.

import JSON

/// A whole answer, or the parts of one that somebody else gave.
///
/// Parts are JSON rather than a Swift value because they are passed on as they are: nothing is worked out again that
/// another service has stated, and nothing is made up that it has not.
public enum Reply<Whole: Sendable>: Sendable {
    case whole(Whole)
    /// Members of the whole, each of which fits its schema: all that it requires, or the words beside them.
    case parts(JSONObject)

    /// The whole answer, where there is one.
    public var whole: Whole? { if case .whole(let value) = self { value } else { nil } }
}

extension Reply: Equatable where Whole: Equatable {}

extension Schema {
    /// Either the whole object, or words: the schema of a tool that knows everything itself in one deployment, and
    /// passes on what others say in another.
    ///
    /// An answer has all that the object requires, or it has the words; beside the words may stand whatever members of
    /// the object are known. So `required` is true for both, and a client's generator makes two types of it. What is
    /// read by it are always parts.
    ///
    /// - Parameters:
    ///   - name: The member for words, which the whole may have, too.
    ///   - description: For people and models, at most 700 characters.
    ///   - whole: What the whole is called in `$defs`; `nil`: it stands where it is used.
    ///   - words: What the answer in words is called there.
    @inlinable
    public func replies(
        wordsIn name: String, _ description: String, whole wholeName: String? = nil, words wordsName: String? = nil
    ) -> Schema<Reply<Value>> {
        let shapes = shapes(wordsIn: name, description, wholeName, wordsName)
        let write = write
        return Schema<Reply<Value>>(
            faults: shapes.faults,
            definitions: shapes.definitions,
            render: shapes.render,
            read: { node in
                guard let parts = node.value.object else { throw SchemaMismatch("must be an object") }
                return .parts(parts)
            },
            write: { reply, writer in
                switch reply {
                case .whole(let value): write(value, &writer)
                case .parts(let parts): writer.value(.object(parts))
                }
            })
    }

    /// What is published of ``replies(wordsIn:_:whole:words:)``; it reads and writes wholes.
    @usableFromInline
    func shapes(
        wordsIn name: String, _ description: String, _ wholeName: String?, _ wordsName: String?
    ) -> Schema {
        let member: JSONValue = ["type": "string", "description": .string(description)]
        let withWords = Schema(
            faults: faults,
            definitions: definitions,
            render: { [render, definitions] use in
                var schema = definitions.resolved(render(use))
                var properties = schema["properties"]?.object ?? JSONObject()
                properties[name] = member
                schema["properties"] = .object(properties)
                return schema
            },
            read: read, write: write)
        let inWords = Schema(
            render: { _ in
                let description = "An answer in words. Members of the other form that are known stand beside \(name)."
                return [
                    "type": "object", "properties": .object([name: member]), "required": [.string(name)],
                    "description": .string(description),
                ]
            },
            read: read, write: write)
        let whole = wholeName.map(withWords.named) ?? withWords
        let words = wordsName.map(inWords.named) ?? inWords
        return Schema(
            faults: whole.faults + words.faults,
            definitions: whole.definitions + words.definitions,
            render: { use in
                ["type": "object", "anyOf": [.object(whole.render(use)), .object(words.render(use))]]
            },
            read: read, write: write)
    }
}
