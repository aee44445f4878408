// Why a schema cannot be compiled, in terms its author can act on.

/// A schema that is not a usable JSON Schema 2020-12.
public struct SchemaError: Error, Hashable, Sendable {
    /// JSON Pointer to the offending keyword; behind a URI and `#` when it is not in the schema itself.
    public let pointer: String
    public let reason: String

    init(_ pointer: String, _ reason: String) {
        self.pointer = pointer
        self.reason = reason
    }
}

extension SchemaError: CustomStringConvertible {
    public var description: String { "\(pointer.isEmpty ? "(root)" : pointer): \(reason)" }
}
