// What is wrong with what an operator says of a pack, told so that the operator can mend it.

/// A value of a pack's YAML, or one that its configuration takes from the environment, that cannot be used.
struct PolicyFault: Error, CustomStringConvertible {
    /// As the operator writes it: a path in the YAML file, or a name in the environment.
    var key: String
    var problem: String
    /// What the operator could write instead; empty where there is nothing to tell.
    var example: String
    /// Whether the key is a path in a YAML file, where a line has its last part only.
    var isYAML = false

    var description: String {
        let line = isYAML ? "\(key.split(separator: ".").last ?? ""): \(example)" : "\(key)=\(example)"
        return "\(key): \(problem)" + (example.isEmpty ? "" : ". Example: \(line)")
    }
}
