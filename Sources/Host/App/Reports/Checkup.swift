// Findings of `toolhost doctor`, in the order in which a client would meet them.

/// A list of steps with their outcome.
struct Checkup: Sendable, Hashable {
    enum Verdict: String, Sendable, Hashable {
        case good = "✅"
        /// Works, but is worth a look.
        case notice = "⚠️ "
        case bad = "❌"
        /// Could not be looked at.
        case open = "❔"
    }

    struct Line: Sendable, Hashable {
        var verdict: Verdict
        var step: String
        var detail: String
    }

    private(set) var lines: [Line] = []

    mutating func add(_ verdict: Verdict, _ step: String, _ detail: String) {
        lines.append(Line(verdict: verdict, step: step, detail: detail))
    }

    var hasProblems: Bool { lines.contains { $0.verdict == .bad } }

    var text: String {
        lines.map { "\($0.verdict.rawValue) \($0.step): \($0.detail)" }.joined(separator: "\n")
    }
}
