// How the log is written, as the operator decides.

/// Form and least level of lines.
package struct LogSettings: Sendable {
    package enum Format: String, Sendable, CaseIterable {
        /// Text on a terminal, JSON elsewhere.
        case auto
        case json, text
    }

    package enum Level: String, Sendable, CaseIterable {
        case trace, debug, info, notice, warning, error
    }

    package var format: Format
    /// Below it nothing is written.
    package var level: Level

    package init(format: Format, level: Level) {
        self.format = format
        self.level = level
    }
}
