// The one declaration from which a value's JSON Schema, its decoding and its encoding all come.

import JSON

/// How a Swift value looks as JSON: its JSON Schema (2020-12), how it is read, and how it is written.
///
/// Schemas are values made of smaller ones:
///
/// ```swift
/// static let input = Schema<Input>.object(
///     Property("query", \.query, .string(length: 1...200), "Words to look for"),
///     Property("limit", \.limit, .integer(1...50), default: 10, "How many products at most"),
///     make: Input.init)
/// ```
///
/// The host checks the caller's arguments against the rendered schema before a tool sees them, so reading checks
/// only what the Swift type needs: kinds, ranges of integers, members that must be there. Defaults are filled in.
public struct Schema<Value: Sendable>: Sendable {
    /// The schema's keywords, in the order in which they are published.
    @usableFromInline let render: @Sendable (SchemaUse) -> JSONObject
    /// Throws ``SchemaMismatch``, or whatever a `make:` closure throws.
    @usableFromInline let read: @Sendable (JSONNode) throws -> Value
    @usableFromInline let write: @Sendable (Value, inout JSONWriter) -> Void
    /// What ``write`` comes to, for whoever can do the same without it.
    @usableFromInline let form: WrittenForm
    /// Mistakes in the declaration itself; ``ToolPack/problems()`` reports them.
    @usableFromInline let faults: [String]
    /// What ``render`` refers to by name, the innermost first; see ``named(_:)``.
    @usableFromInline let definitions: [SchemaDefinition]

    // Whatever reads or writes is inlinable, here and in the files beside this one, so that a pack's own build makes it
    // for the pack's types: a call takes less than half of the instructions.

    @inlinable
    init(
        faults: [String] = [],
        definitions: [SchemaDefinition] = [],
        form: WrittenForm = .other,
        render: @escaping @Sendable (SchemaUse) -> JSONObject,
        read: @escaping @Sendable (JSONNode) throws -> Value,
        write: @escaping @Sendable (Value, inout JSONWriter) -> Void
    ) {
        self.faults = faults
        self.definitions = definitions
        self.form = form
        self.render = render
        self.read = read
        self.write = write
    }
}

/// How a value is written, where a ``Property`` can write it together with its name. Most members of an answer are one
/// of these, and a call of a closure for each takes longer than writing them.
@usableFromInline
enum WrittenForm: Sendable {
    /// A `String`, as it is.
    case text
    /// An `Int`.
    case integer
    /// A `Bool`.
    case boolean
    /// Any type, in a way that only `Schema.write` knows.
    case other
}

// MARK: - Using a schema directly

extension Schema {
    /// The JSON Schema as it is published: an object at its root, with what is ``named(_:)`` in `$defs` where answers
    /// are described.
    public func jsonSchema(for use: SchemaUse = .input) -> JSONValue {
        .object(use == .output ? definitions.published(with: render(use)) : render(use))
    }

    /// Reads a value from JSON text.
    ///
    /// - Throws: ``ToolError`` of kind `invalid`, which names the place as a JSON Pointer (RFC 6901), or the error
    ///   that a `make:` closure threw.
    public func decode(_ json: [UInt8]) throws -> Value {
        let document: JSONDocument
        do {
            document = try JSONDocument(parsing: json)
        } catch {
            throw ToolError.invalid("Not JSON: \(error.reason) (line \(error.line), column \(error.column)).")
        }
        return try decode(document)
    }

    /// Reads a value from a JSON tree. Throws like ``decode(_:)-([UInt8])``.
    public func decode(_ json: JSONValue) throws -> Value {
        try decode(json.bytes())
    }

    @inlinable
    func decode(_ document: JSONDocument) throws -> Value {
        do {
            return try read(document.root)
        } catch let mismatch as SchemaMismatch {
            throw mismatch.toolError
        }
    }

    /// The value as JSON text, compact.
    @inlinable
    public func encode(_ value: Value) -> [UInt8] {
        var writer = JSONWriter()
        write(value, &writer)
        return writer.finish()
    }
}

// MARK: - Refining a schema

extension Schema {
    /// The same schema with examples, given as values and written by the schema itself, so that they cannot have
    /// another form. ``ToolPack/problems()`` tells of one that the schema's limits refuse.
    ///
    /// One is enough for most readers, and all that OpenAPI 3.0 can say.
    public func examples(_ values: Value...) -> Schema {
        let written = values.map { try? JSONValue(parsing: encode($0)) }
        let fault = written.contains(nil) ? ["an example cannot be written as JSON"] : []
        return adding("examples", .array(written.compactMap(\.self)), faults: fault)
    }

    /// The same schema with one more keyword, such as `"deprecated"` or an extension `"x-…"`. Reading ignores it.
    public func adding(_ keyword: String, _ value: JSONValue) -> Schema {
        adding(keyword, value, faults: [])
    }

    private func adding(_ keyword: String, _ value: JSONValue, faults more: [String]) -> Schema {
        let render = render
        return Schema(
            faults: faults + more,
            definitions: definitions,
            form: form,
            render: { use in
                var schema = render(use)
                schema[keyword] = value
                return schema
            },
            read: read,
            write: write)
    }

    /// A schema for another type that looks the same as JSON.
    ///
    /// - Parameters:
    ///   - decode: Makes the new value. A ``ToolError`` thrown here reaches the caller.
    ///   - encode: The way back.
    public func map<New: Sendable>(
        decode: @escaping @Sendable (Value) throws -> New,
        encode: @escaping @Sendable (New) -> Value
    ) -> Schema<New> {
        let (read, write) = (read, write)
        return Schema<New>(
            faults: faults,
            definitions: definitions,
            render: render,
            read: { try decode(read($0)) },
            write: { value, writer in write(encode(value), &writer) })
    }
}
