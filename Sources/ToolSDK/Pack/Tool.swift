// The three kinds of tool: asynchronous, blocking, and so quick that the host may call it where it reads the network.

import JSON

/// What every tool states about itself. Conform to ``Tool``, ``BlockingTool`` or ``InlineTool`` instead.
public protocol ToolDefinition: Sendable {
    associatedtype Input: Sendable
    associatedtype Output: Sendable

    /// `[A-Za-z0-9_]{1,64}`, unique in a deployment. Clients keep it: it never changes.
    static var name: String { get }
    /// For people: "Search products".
    static var title: String { get }
    /// 1 to 300 characters: what the tool does and when to use it.
    static var summary: String { get }
    /// What else a model has to know, which reads it after the summary; as long as it takes. Empty by default.
    static var description: String { get }
    /// Exactly one of each pair.
    static var hints: Hints { get }
    static var input: Schema<Input> { get }
    static var output: Schema<Output> { get }
    /// Open metadata such as `"tags"`. Empty by default.
    static var meta: JSONObject { get }
    /// OAuth scopes that a caller needs, all of them. None by default.
    static var scopes: [String] { get }
    /// How long a call may take. `nil`, the default: what the host sees fit.
    static var timeout: Duration? { get }
    /// Calls of this tool at the same time. `nil`, the default: what the host sees fit.
    static var maxConcurrency: Int? { get }
}

extension ToolDefinition {
    public static var description: String { "" }
    public static var meta: JSONObject { JSONObject() }
    public static var scopes: [String] { [] }
    public static var timeout: Duration? { nil }
    public static var maxConcurrency: Int? { nil }
}

extension ToolDefinition where Input == Empty {
    public static var input: Schema<Empty> { .empty }
}

extension ToolDefinition where Output == Empty {
    public static var output: Schema<Empty> { .empty }
}

/// A tool that waits for something: other services, timers, actors. Runs in a task of its own, which is cancelled when
/// nobody waits for the answer any more. Never block in it; that is what ``BlockingTool`` is for.
public protocol Tool: ToolDefinition {
    /// - Throws: ``ToolError`` for the caller to see; anything else is a fault of the pack.
    func call(_ input: Input, context: CallContext) async throws -> Output
}

/// A tool that blocks, on files or a database for example. Runs on one of the host's worker threads, beside other
/// calls.
public protocol BlockingTool: ToolDefinition {
    /// - Throws: ``ToolError`` for the caller to see; anything else is a fault of the pack.
    func call(_ input: Input, context: CallContext) throws -> Output
}

/// A tool that never blocks and is done within about 100 microseconds: a look-up in memory, a computation. The host may
/// call it on the thread that reads the network. It measures, and moves a tool that overruns to a worker thread.
public protocol InlineTool: ToolDefinition {
    /// - Throws: ``ToolError`` for the caller to see; anything else is a fault of the pack.
    func call(_ input: Input, context: CallContext) throws -> Output
}
