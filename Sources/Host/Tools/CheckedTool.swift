// A tool that may be served: its descriptor, and the schemas that calls are held against.

import JSONSchema

/// A descriptor that passed every check, with its schemas compiled.
package struct CheckedTool: Sendable {
    package var descriptor: ToolDescriptor
    package var inputSchema: CompiledSchema
    package var outputSchema: CompiledSchema
    /// As the pack states it; the host measures whether it holds.
    package var claimsInline: Bool
    /// 0: the host's default.
    package var timeoutMilliseconds: UInt32
    /// 0: no limit of the tool's own.
    package var maxConcurrency: Int
    /// 0: the host's default.
    package var maxResultBytes: Int

    package init(
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
