// One form for everything that keeps a tool out of the documents, so that an operator reads it in one way.

import JSON

/// Why a tool cannot be served: its pack's author has to change the descriptor.
public struct DescriptorProblem: Error, Sendable, Hashable, CustomStringConvertible {
    public var tool: String
    /// JSON Pointer into the descriptor, whose members are called as in the ABI: `/summary`,
    /// `/input_schema/properties/a`.
    package var pointer: JSONPointer
    /// What is wrong, with the limit where one is exceeded.
    public var reason: String

    package init(tool: String, pointer: JSONPointer, reason: String) {
        self.tool = tool
        self.pointer = pointer
        self.reason = reason
    }

    public var description: String {
        "tool \(tool), \(pointer): \(reason)"
    }
}

/// What a reader of descriptors asks of each, such as the limits of a client: what comes first of what is wrong, `nil`
/// where nothing is.
public typealias ToolCheck = @Sendable (ToolDescriptor) -> DescriptorProblem?
