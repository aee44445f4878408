// Answers of a tool that knows everything itself in one deployment, and passes on what others say in another.

import JSONSchema

/// A whole answer, or the parts of one that somebody else gave.
///
/// Parts are JSON rather than a Swift value because they are passed on as they are: nothing is worked out again that
/// another service has stated, and nothing is made up that it has not.
public enum Reply<Whole: Sendable>: Sendable {
    case whole(Whole)
    /// Members of the whole, each of which fits its schema.
    case parts(JSONObject)

    /// The whole answer, where there is one.
    public var whole: Whole? { if case .whole(let value) = self { value } else { nil } }
}

extension Schema {
    /// The same object, but any member may be missing, and one more is there for what was said in words.
    ///
    /// What is read by it are always parts.
    ///
    /// - Parameters:
    ///   - name: The member for words.
    ///   - description: For people and models, at most 700 characters.
    @inlinable
    public func replies(wordsIn name: String, _ description: String) -> Schema<Reply<Value>> {
        let (render, write) = (render, write)
        return Schema<Reply<Value>>(
            faults: faults,
            render: { use in
                var schema = render(use)
                var properties = schema["properties"]?.object ?? JSONObject()
                properties[name] = ["type": "string", "description": .string(description)]
                schema["properties"] = .object(properties)
                schema["required"] = nil
                return schema
            },
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
}
