// A token of the backend's authorization server: when it serves, when to get another, when to leave that alone; a
// value.

import NIOCore

/// The client-credentials token in force (RFC 6749 section 4.4).
public struct TokenCache: Sendable {
    public struct Token: Sendable, Equatable {
        var value: String
        /// Not used from then on.
        var end: NIODeadline
        /// A new one is fetched from then on.
        var renewal: NIODeadline

        /// - Parameter lifetime: `expires_in`. What has none is taken to live for five minutes: section 5.1 only
        ///   recommends it.
        init(value: String, lifetime: TimeAmount?, now: NIODeadline) {
            let lifetime = min(max(lifetime ?? .minutes(5), .zero), .hours(24))
            self.value = value
            // It must still be good when it arrives.
            end = now + lifetime - min(.seconds(10), lifetime / 10)
            renewal = now + lifetime / 5 * 4
        }
    }

    /// What a request that needs a token does.
    enum Need: Sendable, Equatable {
        /// `renews`: also fetch a new one, in the background.
        case use(String, renews: Bool)
        /// Fetch one and wait for it.
        case fetch
        /// Somebody fetches one already: wait for that.
        case wait
        /// The last attempt failed a moment ago.
        case refuse(TimeAmount)
    }

    /// What a rejected token leads to.
    enum Rejection: Sendable, Equatable {
        /// There is another one, or is to be: ask again.
        case retry
        /// A token was replaced a moment ago, and a further one would fare no better: the backend's answer stands.
        case stands
    }

    /// How long a failed fetch is not tried again.
    static let pause = TimeAmount.seconds(2)
    /// One token in this time is replaced because the backend rejected it. A backend that takes none, or that means the
    /// user's token, would otherwise have one fetched for every request.
    static let patience = TimeAmount.seconds(30)

    private var token: Token?
    private var isFetching = false
    private var quietUntil: NIODeadline?
    /// Until then a rejection changes nothing.
    private var trustedUntil: NIODeadline?

    mutating func need(_ now: NIODeadline) -> Need {
        let mayFetch = !isFetching && (quietUntil.map { now >= $0 } ?? true)
        if let token, now < token.end {
            let renews = now >= token.renewal && mayFetch
            if renews { isFetching = true }
            return .use(token.value, renews: renews)
        }
        if isFetching { return .wait }
        if let quietUntil, now < quietUntil { return .refuse(quietUntil - now) }
        isFetching = true
        return .fetch
    }

    mutating func fetched(_ token: Token) {
        self.token = token
        isFetching = false
        quietUntil = nil
    }

    mutating func failed(_ now: NIODeadline) {
        isFetching = false
        quietUntil = now + Self.pause
    }

    /// The fetch did not get as far as the backend: the next request may try again.
    mutating func gaveUp() {
        isFetching = false
    }

    /// The backend did not take this token. Another one, fetched in the meantime, stays.
    mutating func reject(_ value: String, _ now: NIODeadline) -> Rejection {
        guard token?.value == value else { return .retry }
        if let trustedUntil, now < trustedUntil { return .stands }
        trustedUntil = now + Self.patience
        token = nil
        return .retry
    }
}
