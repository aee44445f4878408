// One way in which a document does not fit its schema, told to whoever sent it.

/// A keyword that a document does not satisfy.
public struct SchemaViolation: Sendable, Hashable {
    /// JSON Pointer (RFC 6901) to the value in the document; empty for the whole document.
    public let instancePointer: String
    /// JSON Pointer to the keyword in the schema where it is written, behind a URI and `#` for another schema's.
    public let schemaPointer: String
    public let keyword: String
    /// What was expected, in one sentence; quotes at most 60 characters of the document.
    public let message: String

    public init(instancePointer: String, schemaPointer: String, keyword: String, message: String) {
        self.instancePointer = instancePointer
        self.schemaPointer = schemaPointer
        self.keyword = keyword
        self.message = message
    }
}
