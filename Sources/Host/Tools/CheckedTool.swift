// A tool that may be served: its descriptor, and the schemas that calls are held against.

import JSONSchema

/// A descriptor that passed every check, with its schemas compiled.
struct CheckedTool: Sendable {
    var descriptor: ToolDescriptor
    var inputSchema: CompiledSchema
    var outputSchema: CompiledSchema
    /// As the pack states it; the host measures whether it holds.
    var claimsInline: Bool
    /// 0: the host's default.
    var timeoutMilliseconds: UInt32
    /// 0: no limit of the tool's own.
    var maxConcurrency: Int
    /// 0: the host's default.
    var maxResultBytes: Int
}
