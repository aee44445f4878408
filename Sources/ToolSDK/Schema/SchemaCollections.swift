// Schemas of arrays, dictionaries and JSON of any shape.

import JSON

extension Schema {
    /// An array.
    ///
    /// - Parameter unique: No two elements are equal.
    @inlinable
    public static func array<Element: Sendable>(of element: Schema<Element>, unique: Bool = false) -> Schema
    where Value == [Element] {
        list(element, Ends(), unique)
    }

    /// An array with limits on its number of elements.
    @inlinable
    public static func array<Element: Sendable, Count: SchemaBounds>(
        of element: Schema<Element>, count: Count, unique: Bool = false
    ) -> Schema where Value == [Element], Count.Bound == Int {
        list(element, Ends(count), unique)
    }

    @inlinable
    static func list<Element: Sendable>(
        _ element: Schema<Element>, _ count: Ends<Int>, _ unique: Bool
    ) -> Schema where Value == [Element] {
        Schema(
            faults: element.faults,
            definitions: element.definitions,
            render: { use in
                var schema = JSONObject()
                schema["type"] = "array"
                schema["items"] = .object(element.render(use))
                schema["minItems"] = count.lowest.map(JSONValue.init(integer:))
                schema["maxItems"] = count.highest.map(JSONValue.init(integer:))
                schema["uniqueItems"] = unique ? true : nil
                return schema
            },
            read: { node in
                guard node.kind == .array else { throw SchemaMismatch("must be an array") }
                var values: [Element] = []
                values.reserveCapacity(node.count)
                for item in node.elements {
                    values.append(try SchemaMismatch.within("\(values.count)") { try element.read(item) })
                }
                return values
            },
            write: { values, writer in
                writer.beginArray()
                values.span.lendEach { element.write($0, &writer) }
                writer.endArray()
            })
    }

    /// An object whose members all have the same shape, under names that only the data knows.
    @inlinable
    public static func dictionary<Member: Sendable>(of member: Schema<Member>) -> Schema
    where Value == [String: Member] {
        Schema(
            faults: member.faults,
            definitions: member.definitions,
            render: { use in
                [
                    "type": "object",
                    "properties": [:],
                    "additionalProperties": .object(member.render(use)),
                ]
            },
            read: { node in
                guard node.kind == .object else { throw SchemaMismatch("must be an object") }
                var values: [String: Member] = [:]
                values.reserveCapacity(node.count)
                for (key, value) in node.members {
                    values[key] = try SchemaMismatch.within(key) { try member.read(value) }
                }
                return values
            },
            write: { values, writer in
                writer.beginObject()
                for (key, value) in values.sorted(by: { $0.key < $1.key }) {
                    writer.key(key)
                    member.write(value, &writer)
                }
                writer.endObject()
            })
    }
}

extension Schema where Value == JSONValue {
    /// Any JSON.
    public static func json() -> Schema {
        Schema(
            render: { _ in JSONObject() },
            read: { $0.value },
            write: { value, writer in writer.value(value) })
    }
}

extension Schema where Value == JSONObject {
    /// Any JSON object.
    public static func anyObject() -> Schema {
        Schema(
            render: { _ in ["type": "object", "properties": [:], "additionalProperties": true] },
            read: { node in
                guard let object = node.value.object else { throw SchemaMismatch("must be an object") }
                return object
            },
            write: { value, writer in writer.value(.object(value)) })
    }
}
