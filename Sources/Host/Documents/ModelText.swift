// The text that a model reads of a tool, decided in one place for every document that has one.

import HostTools

/// What a tool tells a model: what it does, then what else there is to know.
///
/// Authors put the one into the summary and the other into the description, so that neither alone is enough.
public struct ModelText: Sendable, Hashable {
    private let summary: String
    /// Paragraphs of the description; none where it says no more than the summary.
    private let paragraphs: [String]
    /// Whether the description says itself what the tool does, in the summary's words.
    private let beginsWithSummary: Bool

    public init(_ tool: ToolDescriptor) {
        self.init(summary: tool.summary, description: tool.description)
    }

    init(summary: String, description: String) {
        let paragraphs = Self.paragraphs(of: description)
        let text = paragraphs.joined(separator: "\n\n")
        self.summary = summary
        self.paragraphs = text == Self.paragraphs(of: summary).joined(separator: "\n\n") ? [] : paragraphs
        // A word that goes on is another word.
        beginsWithSummary =
            text.hasPrefix(summary) && text.dropFirst(summary.count).first.map { $0.isLetter || $0.isNumber } != true
    }

    /// Summary, blank line, description; the summary is not said twice.
    public var whole: String { pieces.joined(separator: "\n\n") }

    /// The whole where it has at most `limit` code points, else what it begins with: the summary, and as many whole
    /// paragraphs as fit. A text that is cut in the middle may say the opposite of what its author meant.
    public func text(within limit: Int) -> String {
        var text = ""
        var length = 0
        for piece in pieces {
            length += piece.unicodeScalars.count + (text.isEmpty ? 0 : 2)
            guard length <= limit else { break }
            text += (text.isEmpty ? "" : "\n\n") + piece
        }
        return text.isEmpty ? summary : text
    }

    private var pieces: [String] {
        beginsWithSummary && !paragraphs.isEmpty ? paragraphs : [summary] + paragraphs
    }

    /// What stands between blank lines.
    private static func paragraphs(of text: String) -> [String] {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        return lines.split { $0.allSatisfy(\.isWhitespace) }.map { $0.joined(separator: "\n") }
    }
}
