// How the log is written, as the operator decides.

/// Form and least level of lines.
public struct LogSettings: Sendable {
    public enum Format: String, Sendable, CaseIterable {
        /// Text on a terminal, JSON elsewhere.
        case auto
        case json, text
    }

    public enum Level: String, Sendable, CaseIterable {
        case trace, debug, info, notice, warning, error
    }

    public var format: Format
    /// Below it nothing is written.
    public var level: Level

    public init(format: Format, level: Level) {
        self.format = format
        self.level = level
    }
}
