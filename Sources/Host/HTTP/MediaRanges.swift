// What a client takes as an answer: `Accept` (RFC 9110 section 12.5.1), where an answer may be one or a stream.

import HostBase

/// Judges `Accept` for the two media types that such an answer may have.
public enum MediaRanges {
    public static let json = "application/json"
    public static let events = "text/event-stream"
    private static let both = "\(json), \(events)"

    /// The forms of an answer that a client takes.
    public enum Forms: Sendable {
        case both
        /// It hears of no progress.
        case json
        /// Its answers are streams of one event where they could be plain.
        case events
    }

    /// Clients are to accept both, but some that are in wide use name one. A request without the field takes
    /// everything, and so does one that has it empty.
    ///
    /// - Returns: `nil` where the client takes neither.
    public static func forms(_ fields: RequestFields) -> Forms? {
        // What every client library sends, letter for letter.
        if fields.count(.accept) == 1, fields.first(.accept) == both { return .both }
        return forms(fields[.accept])
    }

    static func forms(_ fields: [String]) -> Forms? {
        if fields.allSatisfy({ $0.trimmed.isEmpty }) { return .both }
        switch (accepts(json, fields), accepts(events, fields)) {
        case (true, true): return .both
        case (true, false): return .json
        case (false, true): return .events
        case (false, false): return nil
        }
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
