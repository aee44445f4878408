// The six kinds of JSON values, shared by trees, documents and schemas.

/// The kind of a JSON value (RFC 8259 section 3).
public enum JSONKind: UInt8, BitwiseCopyable, Sendable, Hashable, CaseIterable {
    case null, bool, number, string, array, object
}
