// What somebody else wrote, on its way to a terminal: it moves no cursor, forges no line and hides nothing.

/// Text for people to read.
public enum TerminalText {
    /// Everything that is not shown, such as escape sequences, line breaks and what turns the direction of a text, is
    /// written out as `\u{1b}`.
    public static func shown(_ text: String) -> String {
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
                shown.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
            default: shown.append(scalar)
            }
        }
        return String(shown)
    }
}
