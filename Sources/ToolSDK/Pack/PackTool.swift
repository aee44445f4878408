// Ties a tool's type, which the host must know before the pack starts, to its instance, which exists only afterwards.

import JSON

/// One tool of a pack: what its type states, and how it is made from the started pack.
///
/// ```swift
/// static let tools: [PackTool<CatalogPack>] = [
///     PackTool { SearchProducts(catalog: $0.catalog) }
/// ]
/// ```
public struct PackTool<Pack: ToolPack>: Sendable {
    @usableFromInline let statement: ToolStatement
    @usableFromInline let bind: @Sendable (Pack) -> BoundTool

    /// An asynchronous tool.
    @inlinable
    public init<T: Tool>(_ make: @escaping @Sendable (Pack) -> T) {
        statement = ToolStatement(T.self, isInline: false)
        let (read, write) = (T.input.read, T.output.write)
        bind = { Self.asynchronous(make($0), read, write) }
    }

    /// A tool that blocks.
    @inlinable
    public init<T: BlockingTool>(_ make: @escaping @Sendable (Pack) -> T) {
        statement = ToolStatement(T.self, isInline: false)
        let (read, write) = (T.input.read, T.output.write)
        bind = { pack in
            let tool = make(pack)
            return Self.synchronous({ try tool.call($0, context: $1) }, read, write)
        }
    }

    /// A tool that never blocks.
    @inlinable
    public init<T: InlineTool>(_ make: @escaping @Sendable (Pack) -> T) {
        statement = ToolStatement(T.self, isInline: true)
        let (read, write) = (T.input.read, T.output.write)
        bind = { pack in
            let tool = make(pack)
            return Self.synchronous({ try tool.call($0, context: $1) }, read, write)
        }
    }

    // MARK: One tool, two ways to answer

    /// A tool that blocks, or what answers in its place.
    @inlinable
    public init<T: BlockingTool, Elsewhere: Tool>(_ make: @escaping @Sendable (Pack) -> EitherTool<T, Elsewhere>) {
        statement = ToolStatement(T.self, isInline: false)
        let (read, write) = (T.input.read, T.output.write)
        bind = { pack in
            switch make(pack) {
            case .here(let tool): Self.synchronous({ try tool.call($0, context: $1) }, read, write)
            case .elsewhere(let tool): Self.asynchronous(tool, read, write)
            }
        }
    }

    /// A tool that never blocks, or what answers in its place.
    @inlinable
    public init<T: InlineTool, Elsewhere: Tool>(_ make: @escaping @Sendable (Pack) -> EitherTool<T, Elsewhere>) {
        statement = ToolStatement(T.self, isInline: true)
        let (read, write) = (T.input.read, T.output.write)
        bind = { pack in
            switch make(pack) {
            case .here(let tool): Self.synchronous({ try tool.call($0, context: $1) }, read, write)
            case .elsewhere(let tool): Self.asynchronous(tool, read, write)
            }
        }
    }

    // Both read and write by the schemas of the tool that is stated: they are the ones that the host checks.

    @inlinable
    static func synchronous<Input, Output>(
        _ call: @escaping @Sendable (Input, CallContext) throws -> Output,
        _ read: @escaping @Sendable (JSONNode) throws -> Input,
        _ write: @escaping @Sendable (Output, inout JSONWriter) -> Void
    ) -> BoundTool {
        .synchronous { arguments, context, writer in
            write(try call(try read(arguments), context), &writer)
        }
    }

    @inlinable
    static func asynchronous<T: Tool>(
        _ tool: T, _ read: @escaping @Sendable (JSONNode) throws -> T.Input,
        _ write: @escaping @Sendable (T.Output, inout JSONWriter) -> Void
    ) -> BoundTool {
        .asynchronous { arguments in
            let input = try read(arguments)
            return { context, writer in
                write(try await tool.call(input, context: context), &writer)
            }
        }
    }
}

/// A tool, or one that asks another service in its place, chosen when the pack has started.
///
/// Clients see `Here` either way, its name, schemas and hints; only one of the two is ever made.
public enum EitherTool<Here: ToolDefinition, Elsewhere: Tool>: Sendable
where Elsewhere.Input == Here.Input, Elsewhere.Output == Here.Output {
    case here(Here)
    case elsewhere(Elsewhere)
}

/// A tool that can be called, with its types forgotten.
@usableFromInline
enum BoundTool: Sendable {
    case synchronous(@Sendable (JSONNode, CallContext, inout JSONWriter) throws -> Void)
    /// Reads the arguments at once, so that a caller's mistake costs no task.
    case asynchronous(@Sendable (JSONNode) throws -> @Sendable (CallContext, inout JSONWriter) async throws -> Void)
}

/// What a tool's type states, with its types forgotten.
@usableFromInline
struct ToolStatement: Sendable {
    let name: String
    let title: String
    let summary: String
    let description: String
    let hints: Hints
    let isInline: Bool
    let inputSchema: JSONValue
    let outputSchema: JSONValue
    let meta: JSONObject
    let scopes: [String]
    let timeout: Duration?
    let maxConcurrency: Int?
    let faults: [String]

    @usableFromInline
    init<T: ToolDefinition>(_ tool: T.Type, isInline: Bool) {
        name = T.name
        title = T.title
        summary = T.summary
        description = T.description
        hints = T.hints
        self.isInline = isInline
        inputSchema = T.input.jsonSchema(for: .input)
        outputSchema = T.output.jsonSchema(for: .output)
        meta = T.meta
        scopes = T.scopes
        timeout = T.timeout
        maxConcurrency = T.maxConcurrency
        faults = T.input.faults.map { "input: \($0)" } + T.output.publishedFaults.map { "output: \($0)" }
    }
}
