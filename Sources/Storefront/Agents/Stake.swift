// What is at stake when an agent is asked a second time, and what callers are told where nobody knows what the first
// came to.

import ToolSDK

/// Whether asking again may do it again.
enum Stake: Sendable, Hashable {
    /// It only reads, or does the same thing over.
    case nothing
    /// It would be done twice.
    case twice
    /// It would be done twice, unless it is asked with the key that it had and the agents honour such keys.
    case twiceUnlessKeyed

    init(of hints: Hints, idempotencyKey: String?) {
        let repeats = hints.isSuperset(of: [.writes, .repeats])
        self = !repeats ? .nothing : idempotencyKey == nil ? .twice : .twiceUnlessKeyed
    }

    var isAtStake: Bool { self != .nothing }

    /// An error after which nobody knows whether the agent did what it was asked. Where that matters, to look first is
    /// all that callers are told: no word of trying again, and no time for it, which clients obey without reading.
    ///
    /// - Parameters:
    ///   - message: What happened, as a sentence.
    ///   - isWorthRepeating: Whether a second try may end otherwise, where nothing is at stake.
    func open(
        _ message: String, _ kind: ToolError.Kind = .unavailable, retryAfter: Duration? = nil,
        isWorthRepeating: Bool = true
    ) -> ToolError {
        let unknown = " Whether it was done is not known: look before asking again"
        return switch self {
        case .nothing: ToolError(kind, message + (isWorthRepeating ? " Try again later." : ""), retryAfter: retryAfter)
        case .twice: ToolError(kind, message + unknown + ".")
        case .twiceUnlessKeyed: ToolError(kind, message + unknown + ", and then with the same Idempotency-Key.")
        }
    }
}
