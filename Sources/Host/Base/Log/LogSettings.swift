// How the log is written, as the operator decides.

/// Form and least level of lines.
struct LogSettings: Sendable {
    enum Format: String, Sendable, CaseIterable {
        /// Text on a terminal, JSON elsewhere.
        case auto
        case json, text
    }

    enum Level: String, Sendable, CaseIterable {
        case trace, debug, info, notice, warning, error
    }

    var format: Format
    /// Below it nothing is written.
    var level: Level
}
