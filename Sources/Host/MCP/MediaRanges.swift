// What a client takes as an answer: `Accept` (RFC 9110 section 12.5.1), as far as MCP needs it.

/// Judges `Accept` for the two media types that an answer of MCP may have.
enum MediaRanges {
    static let json = "application/json"
    static let events = "text/event-stream"
    private static let both = "\(json), \(events)"

    /// Clients of MCP must accept both, since it is the tool that decides whether there is progress to tell. A request
    /// without the field takes everything.
    static func takeBoth(_ fields: RequestFields) -> Bool {
        // What every client library sends, letter for letter.
        if fields.count(.accept) == 1, fields.first(.accept) == both { return true }
        return takeBoth(fields[.accept])
    }

    static func takeBoth(_ fields: [String]) -> Bool {
        if fields.isEmpty { return true }
        return accepts(json, fields) && accepts(events, fields)
    }

    /// The most specific range that covers the type decides; a quality of zero refuses it.
    static func accepts(_ type: String, _ fields: [String]) -> Bool {
        let family = type.prefix { $0 != "/" } + "/*"
        var verdict: (specificity: Int, isAccepted: Bool) = (-1, false)
        for element in fields.flatMap({ $0.split(separator: ",") }) {
            let parts = element.split(separator: ";", omittingEmptySubsequences: false)
            let range = parts[0].trimmed.lowercased()
            let specificity = range == type ? 2 : range == family ? 1 : range == "*/*" ? 0 : -1
            guard specificity > verdict.specificity else { continue }
            let isRefused = parts.dropFirst().contains { parameter in
                let parameter = parameter.trimmed.lowercased()
                guard parameter.hasPrefix("q=") else { return false }
                return Double(String(parameter.dropFirst(2))) == 0
            }
            verdict = (specificity, !isRefused)
        }
        return verdict.isAccepted
    }
}
