// What opens to a pack of the file system because its configuration names it.

/// A file or a folder, with all that lies in it, that a pack may use.
public struct OpenPath: Sendable, Hashable {
    public enum Access: String, Sendable, Hashable, CaseIterable {
        case read
        case readWrite = "read-write"
    }

    /// Absolute, without links.
    public var path: String
    public var access: Access

    public init(path: String, access: Access) {
        self.path = path
        self.access = access
    }
}
