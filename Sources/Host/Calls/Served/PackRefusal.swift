// Why something in the plugins folder is not served, said so that an operator or a pack's team can act on it.

/// A pack, or one tool of a pack, that the host goes on without.
struct PackRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    /// File name inside the plugins folder.
    var file: String
    /// The tool, when the rest of the pack is served.
    var tool: String?
    /// What is wrong and, where there is one, the way out.
    var reason: String

    var description: String { "\(file): \(tool.map { "\($0): " } ?? "")\(reason)" }

    init(file: String, tool: String? = nil, reason: String) {
        self.file = file
        self.tool = tool
        self.reason = reason
    }
}
