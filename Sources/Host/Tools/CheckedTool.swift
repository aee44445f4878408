// A tool that may be served: its descriptor, and the schemas that calls are held against.

import JSONSchema

/// A descriptor that passed every check, with its schemas compiled.
public struct CheckedTool: Sendable {
    public var descriptor: ToolDescriptor
    public var inputSchema: CompiledSchema
    public var outputSchema: CompiledSchema
    /// As the pack states it; the host measures whether it holds.
    public var claimsInline: Bool
    /// 0: the host's default.
    public var timeoutMilliseconds: UInt32
    /// 0: no limit of the tool's own.
    public var maxConcurrency: Int
    /// 0: the host's default.
    public var maxResultBytes: Int

    public init(
        descriptor: ToolDescriptor, inputSchema: CompiledSchema, outputSchema: CompiledSchema, claimsInline: Bool,
        timeoutMilliseconds: UInt32, maxConcurrency: Int, maxResultBytes: Int
    ) {
        self.descriptor = descriptor
        self.inputSchema = inputSchema
        self.outputSchema = outputSchema
        self.claimsInline = claimsInline
        self.timeoutMilliseconds = timeoutMilliseconds
        self.maxConcurrency = maxConcurrency
        self.maxResultBytes = maxResultBytes
    }
}
