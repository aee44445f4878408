// Schemas of objects, put together from properties.

import JSONSchema

extension Schema {
    /// An object with these members.
    ///
    /// - Parameters:
    ///   - property: The members, in the order in which they are published.
    ///   - open: Whether members that were not declared are allowed; they are ignored. `nil`, the default, allows them
    ///     in answers only, where a later version of the tool may add some.
    ///   - make: Makes the value from its members, in the same order: a closure, or `Input.init`. What it throws
    ///     reaches the caller if it is a ``ToolError``: the place for rules that span several members.
    public static func object<each Member: Sendable>(
        _ property: repeat Property<Value, each Member>,
        open: Bool? = nil,
        make: @escaping @Sendable (repeat each Member) throws -> Value
    ) -> Schema {
        // A pack of values cannot be captured by an escaping closure; a tuple of them can.
        let properties = (repeat each property)
        var faults: [String] = []
        var names: Set<String> = []
        for property in repeat each properties {
            faults += property.faults
            if !names.insert(property.name).inserted {
                faults.append("two properties are named \"\(property.name)\"")
            }
        }
        return Schema(
            faults: faults,
            render: { use in
                var members = JSONObject()
                var required: [JSONValue] = []
                for property in repeat each properties {
                    members[property.name] = .object(property.render(use))
                    if property.isRequired { required.append(.string(property.name)) }
                }
                var schema: JSONObject = ["type": "object", "properties": .object(members)]
                if !required.isEmpty { schema["required"] = .array(required) }
                if !(open ?? (use == .output)) { schema["additionalProperties"] = false }
                return schema
            },
            read: { node in
                guard node.kind == .object else { throw SchemaMismatch("must be an object") }
                return try make(repeat try (each properties).read(node[(each properties).name]))
            },
            write: { value, writer in
                writer.beginObject()
                for property in repeat each properties { property.write(value, &writer) }
                writer.endObject()
            })
    }
}

/// Nothing: the input of a tool without parameters, the output of one that only acts, the configuration of a pack that
/// has none.
public struct Empty: Sendable, Hashable {
    public init() {}
}

extension Schema where Value == Empty {
    /// An object without members.
    public static var empty: Schema {
        Schema(
            render: { use in
                var schema: JSONObject = ["type": "object", "properties": [:]]
                if use != .output { schema["additionalProperties"] = false }
                return schema
            },
            read: { node in
                guard node.kind == .object else { throw SchemaMismatch("must be an object") }
                return Empty()
            },
            write: { _, writer in
                writer.beginObject()
                writer.endObject()
            })
    }
}
