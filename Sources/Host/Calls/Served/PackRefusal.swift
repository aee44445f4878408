// Why something in the plugins folder is not served, said so that an operator or a pack's team can act on it.

/// A pack, or one tool of a pack, that the host goes on without.
public struct PackRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    /// File name inside the plugins folder.
    public var file: String
    /// The tool, when the rest of the pack is served.
    public var tool: String?
    /// What is wrong and, where there is one, the way out.
    public var reason: String

    public var description: String { "\(file): \(tool.map { "\($0): " } ?? "")\(reason)" }

    public init(file: String, tool: String? = nil, reason: String) {
        self.file = file
        self.tool = tool
        self.reason = reason
    }
}
