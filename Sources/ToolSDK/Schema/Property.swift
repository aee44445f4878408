// One member of an object, declared once: its name, where it lives in the Swift value, its schema, what it is for.

import JSON

/// A member of a JSON object and of the Swift value that stands for it.
///
/// Which kind it is follows from the key path and the arguments:
/// - `\.query` of a type that is not optional: the member is required;
/// - with `default:`: the caller may leave it out, and the default is used then;
/// - `\.category` of an optional type: the caller may leave it out, and it is `nil` then.
public struct Property<Root: Sendable, Member: Sendable>: Sendable {
    @usableFromInline let name: String
    @usableFromInline let isRequired: Bool
    @usableFromInline let faults: [String]
    @usableFromInline let definitions: [SchemaDefinition]
    @usableFromInline let render: @Sendable (SchemaUse) -> JSONObject
    /// Takes the object that the member is in.
    @usableFromInline let read: @Sendable (JSONNode) throws -> Member
    /// Writes the member with this name, or nothing where it is missing.
    @usableFromInline let write: @Sendable (Root, JSONKey, inout JSONWriter) -> Void

    /// A member that is always there.
    ///
    /// - Parameters:
    ///   - name: The member's name in JSON.
    ///   - member: A key path such as `\.query`, or a closure.
    ///   - schema: What the member looks like.
    ///   - environment: For a pack's configuration: the key of the host's own configuration that fills this member in
    ///     when the operator's file for the pack does not (published as `x-env`).
    ///   - path: For a pack's configuration: the member is a path, or several, which the host makes absolute and opens
    ///     for the pack (published as `x-path`).
    ///   - description: For people and models, at most 700 characters.
    @inlinable
    @inline(__always)
    public init(
        _ name: String,
        _ member: @escaping @Sendable (Root) -> Member,
        _ schema: Schema<Member>,
        environment: String? = nil,
        path: PathAccess? = nil,
        _ description: String
    ) {
        self.name = name
        isRequired = true
        faults = schema.faults
        definitions = schema.definitions
        render = { Self.render(schema, $0, description, environment, path, nil) }
        let readValue = schema.read
        read = { object in
            guard let node = object[name] else { throw SchemaMismatch("is missing").within(name) }
            return try SchemaMismatch.within(name) { try readValue(node) }
        }
        write = Self.writing(member, schema)
    }

    /// A member that the caller may leave out because it has a default. Answers always state it.
    @inlinable
    @inline(__always)
    public init(
        _ name: String,
        _ member: @escaping @Sendable (Root) -> Member,
        _ schema: Schema<Member>,
        default value: Member,
        environment: String? = nil,
        path: PathAccess? = nil,
        _ description: String
    ) {
        self.name = name
        isRequired = false
        faults = schema.faults
        definitions = schema.definitions
        render = { use in
            Self.render(
                schema, use, description, environment, path, try? JSONValue(parsing: schema.encode(value)))
        }
        let readValue = schema.read
        read = { object in
            guard let node = object[name] else { return value }
            return try SchemaMismatch.within(name) { try readValue(node) }
        }
        write = Self.writing(member, schema)
    }

    /// A member that may be missing; `nil` is never written as `null`.
    @inlinable
    @inline(__always)
    public init<Wrapped: Sendable>(
        _ name: String,
        _ member: @escaping @Sendable (Root) -> Wrapped?,
        _ schema: Schema<Wrapped>,
        environment: String? = nil,
        path: PathAccess? = nil,
        _ description: String
    ) where Member == Wrapped? {
        self.name = name
        isRequired = false
        faults = schema.faults
        definitions = schema.definitions
        render = { Self.render(schema, $0, description, environment, path, nil) }
        let readValue = schema.read
        read = { object in
            guard let node = object[name] else { return nil }
            return try SchemaMismatch.within(name) { try readValue(node) }
        }
        write = Self.writingIfPresent(member, schema)
    }

    // MARK: Writing

    // Each closure that writes a plain form holds nothing but how to get the member, which is known when a pack is
    // compiled, and the type of the member is known too: what is left is one function that loads the member and writes
    // it. With a writer that takes name and value at once, a pack takes a fifth fewer instructions for a search.

    @inlinable
    @inline(__always)
    static func writing(
        _ member: @escaping @Sendable (Root) -> Member, _ schema: Schema<Member>
    ) -> @Sendable (Root, JSONKey, inout JSONWriter) -> Void {
        switch schema.form {
        case .text:
            return { root, key, writer in if let text = member(root) as? String { writer.member(key, text) } }
        case .integer:
            return { root, key, writer in if let number = member(root) as? Int { writer.member(key, Int64(number)) } }
        case .boolean:
            return { root, key, writer in if let value = member(root) as? Bool { writer.member(key, value) } }
        case .other:
            let write = schema.write
            return { root, key, writer in
                writer.key(key)
                write(member(root), &writer)
            }
        }
    }

    @inlinable
    @inline(__always)
    static func writingIfPresent<Wrapped: Sendable>(
        _ member: @escaping @Sendable (Root) -> Wrapped?, _ schema: Schema<Wrapped>
    ) -> @Sendable (Root, JSONKey, inout JSONWriter) -> Void {
        switch schema.form {
        case .text:
            return { root, key, writer in
                if let value = member(root), let text = value as? String { writer.member(key, text) }
            }
        case .integer, .boolean, .other:
            let write = schema.write
            return { root, key, writer in
                guard let value = member(root) else { return }
                writer.key(key)
                write(value, &writer)
            }
        }
    }

    @usableFromInline
    static func render<Shape: Sendable>(
        _ schema: Schema<Shape>, _ use: SchemaUse, _ description: String, _ environment: String?,
        _ path: PathAccess?, _ defaultValue: JSONValue?
    ) -> JSONObject {
        var rendered = schema.render(use)
        rendered["description"] = .string(description)
        rendered["default"] = defaultValue
        if use == .configuration {
            rendered["x-env"] = environment.map(JSONValue.string)
            rendered["x-path"] = path.map { .string($0.rawValue) }
        }
        return rendered
    }
}
