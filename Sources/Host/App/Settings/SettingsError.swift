// A configuration that the host will not start with, told so that the operator can mend it.

/// What is wrong with a key, and what would be right.
struct SettingsError: Error, CustomStringConvertible {
    var key: String
    /// What is wrong with the value, without the value itself where it is a secret.
    var problem: String
    /// A line the operator could write instead.
    var example: String

    var description: String {
        "\(key): \(problem)" + (example.isEmpty ? "" : ". Example: \(key)=\(example)")
    }
}
