// The table as documentation has it: made from the table itself, so that it cannot say anything else.

extension ClientQuirks {
    /// The body of `docs/clients.md` below its introduction.
    static var markdown: String {
        let parts: [(title: String, text: String, quirks: [ClientQuirk])] = [
            (
                "What you are told of",
                "Served as it is. `toolhost inspect` and `toolhost tools` say where, and the log at the start names the tool.",
                told
            ),
            (
                "What the host mends",
                "Published in other words that mean the same. Nothing to do.",
                mended
            ),
            ("What the host refuses", "Such a tool is not served, and its refusal says why.", refused),
        ]
        return parts.map { part in
            "## \(part.title)\n\n\(part.text)\n\n" + table(part.quirks)
        }
        .joined(separator: "\n")
    }

    private static func table(_ quirks: [ClientQuirk]) -> String {
        var lines = ["| | clients | refuse or misread | so | instead | seen |", "|---|---|---|---|---|---|"]
        for quirk in quirks {
            let sources = quirk.sources.enumerated().map { "[\($0 + 1)](\($1))" }.joined(separator: " ")
            let instead =
                switch quirk.handling {
                case .told: quirk.remedy
                case .mended(let how): how
                case .refused(let why): "\(quirk.remedy); \(why)"
                }
            lines.append(
                "| `\(quirk.id)` | \(quirk.clients) | \(quirk.problem) | \(quirk.harm.words) | \(instead) | \(sources) |"
            )
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
