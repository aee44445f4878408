// Whether a request that failed is sent again, and after what pause; a value that knows no network.

import HostBase
import HostTools
import NIOCore

/// How one attempt ended without an answer that counts.
enum AttemptFailure: Sendable, Equatable {
    /// No byte of the request was sent: nothing can have happened.
    case neverSent
    /// It was sent, at least in part, and no whole answer came back.
    case brokenOff
    /// The backend answered that it could not; with the pause that it asked for.
    case status(Int, retryAfter: TimeAmount?)
}

/// Repeats what does no harm, in growing pauses.
public struct RetryPolicy: Sendable, Equatable {
    /// Whether a request may have its effect a second time, or cannot have one.
    var mayRepeat: Bool

    /// The first one included.
    static let attempts = 3
    /// A caller is told at once to come again rather than kept waiting longer than this.
    static let longestPause = TimeAmount.seconds(5)
    private static let firstPause = TimeAmount.milliseconds(200)

    /// A tool's hints allow it, or the backend knows the call again by its key.
    public init(hints: ToolHints, isKeyed: Bool) {
        mayRepeat = hints.isReadOnly || hints.isIdempotent || isKeyed
    }

    /// Outside a call: the methods that are safe (RFC 9110 section 9.2.1).
    public init(method: String) {
        mayRepeat = method == "GET" || method == "HEAD"
    }

    /// The pause before the next attempt; `nil`: what there is goes to the pack.
    ///
    /// - Parameters:
    ///   - attempt: how many were made.
    ///   - remaining: until the deadline. An attempt that would begin after it is none.
    ///   - random: from 0 to 1. The pause is spread, so that callers who failed together do not come back together.
    func pause(
        after failure: AttemptFailure, attempt: Int, remaining: TimeAmount, random: Double
    ) -> TimeAmount? {
        guard attempt < Self.attempts else { return nil }
        var least = TimeAmount.zero
        switch failure {
        case .neverSent: break
        case .brokenOff: guard mayRepeat else { return nil }
        case .status(let status, let retryAfter):
            guard mayRepeat, [429, 502, 503, 504].contains(status) else { return nil }
            least = retryAfter ?? .zero
        }
        let whole = Double(Self.firstPause.nanoseconds << Int64(attempt - 1))
        let spread = TimeAmount.nanoseconds(Int64(whole * (0.5 + random / 2)))
        let pause = least > .zero ? least + spread : spread
        return pause <= Self.longestPause + Self.firstPause && pause < remaining ? pause : nil
    }

    /// RFC 9110 section 10.2.3: seconds, or a date. More than a day counts as a day: nobody is kept away longer
    /// unasked.
    ///
    /// - Parameter now: in seconds since 1970. A date that is over is no time at all.
    static func retryAfter(_ field: String?, now: Int) -> TimeAmount? {
        guard let text = field?.trimmed, !text.isEmpty else { return nil }
        guard text.isASCIIDigits else {
            return HTTPDate.seconds(text, now: now).map { .seconds(Int64(min(max(0, $0 - now), longestAsked))) }
        }
        // Too many digits for a number are a long time, too.
        return .seconds(Int64(min(Int(text) ?? longestAsked, longestAsked)))
    }

    /// In seconds.
    private static let longestAsked = 86_400
}

extension WireReply {
    /// How long the backend asks to be left alone, where it does.
    public var retryAfter: TimeAmount? {
        RetryPolicy.retryAfter(field("retry-after"), now: Int(TimeSource.wall.now().seconds))
    }
}
