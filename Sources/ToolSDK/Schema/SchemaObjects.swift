// Schemas of objects, put together from properties.

import JSON

extension Schema {
    /// An object with these members.
    ///
    /// - Parameters:
    ///   - property: The members, in the order in which they are published.
    ///   - open: Whether members that were not declared are allowed; they are ignored. `nil`, the default, allows them
    ///     in answers only, where a later version of the tool may add some.
    ///   - make: Makes the value from its members, in the same order: a closure, or `Input.init`. What it throws
    ///     reaches the caller if it is a ``ToolError``: the place for rules that span several members.
    @inlinable
    public static func object<each Member: Sendable>(
        _ property: repeat Property<Value, each Member>,
        open: Bool? = nil,
        make: @escaping @Sendable (repeat each Member) throws -> Value
    ) -> Schema {
        var faults: [String] = []
        var definitions: [SchemaDefinition] = []
        var members: [ObjectMember<Value>] = []
        for property in repeat each property {
            faults += property.faults
            definitions += property.definitions
            if members.contains(where: { $0.name == property.name }) {
                faults.append("two properties are named \"\(property.name)\"")
            }
            members.append(ObjectMember(property))
        }
        // An escaping closure cannot capture a pack of values, but it can capture a tuple of them. Only what differs in
        // type is in it, since walking a pack costs more than walking an array.
        let readers = (repeat (each property).read)
        return Schema(
            faults: faults,
            definitions: definitions,
            render: { [members] use in ObjectMember.render(members, use, isOpen: open ?? (use == .output)) },
            read: { node in
                guard node.kind == .object else { throw SchemaMismatch("must be an object") }
                return try make(repeat try (each readers)(node))
            },
            write: { [members] value, writer in
                writer.beginObject()
                members.span.lendEach { $0.write(value, $0.key, &writer) }
                writer.endObject()
            })
    }
}

/// A ``Property`` without the type of its member.
@usableFromInline
struct ObjectMember<Root: Sendable>: Sendable {
    @usableFromInline let name: String
    @usableFromInline let key: JSONKey
    @usableFromInline let isRequired: Bool
    @usableFromInline let render: @Sendable (SchemaUse) -> JSONObject
    @usableFromInline let write: @Sendable (Root, JSONKey, inout JSONWriter) -> Void

    @inlinable
    init<Member: Sendable>(_ property: Property<Root, Member>) {
        name = property.name
        key = JSONKey(property.name)
        isRequired = property.isRequired
        render = property.render
        write = property.write
    }

    @usableFromInline
    static func render(_ members: [ObjectMember], _ use: SchemaUse, isOpen: Bool) -> JSONObject {
        var properties = JSONObject()
        for member in members { properties[member.name] = .object(member.render(use)) }
        var schema: JSONObject = ["type": "object", "properties": .object(properties)]
        let required = members.filter(\.isRequired).map { JSONValue.string($0.name) }
        if !required.isEmpty { schema["required"] = .array(required) }
        if !isOpen { schema["additionalProperties"] = false }
        return schema
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
