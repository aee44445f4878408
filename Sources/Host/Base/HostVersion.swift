// The version that documents, packs and logs are told.

/// The host's own version.
package enum HostVersion {
    package static let current = "0.1.0"
}
