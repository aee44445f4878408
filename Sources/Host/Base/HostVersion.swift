// The version that documents, packs and logs are told.

/// The host's own version.
public enum HostVersion {
    public static let current = "0.1.0"
}
