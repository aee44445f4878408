// What a pack does with a path of its configuration, which is what the host opens to it.

/// What a pack does with the file or the folder that a property of its configuration names.
public enum PathAccess: String, Sendable, Hashable, CaseIterable {
    case read
    /// A folder that is not there is made by the host.
    case readWrite = "read-write"
}
