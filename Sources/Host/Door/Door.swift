// May somebody in, and may they do this, now: the two questions that every way to a tool asks.

import HostAuth
import HostCaller
import NIOCore

/// What somebody is told who comes with the head of a request.
public enum Reception: Sendable {
    case admitted(Principal)
    /// - Parameter principal: who it is, where they are known all the same.
    case turnedAway(Objection, Principal?)
    /// Keys are being fetched; the future never fails.
    case later(EventLoopFuture<Reception>)
}

/// Asked twice of each call: by the head of its request, and once its tool is known, both times with the policy of the
/// edition that the request began with. Callers, tools and budgets have their names here; how they are told is the
/// business of whoever asks. What somebody is shown of lists and documents is no question to it: `AccessPolicy.shows`
/// says that.
public final class Door: Sendable {
    private let authenticator: any Authenticator
    /// `nil` where nothing is limited.
    private let limiter: (any Limiter)?

    public init(authenticator: any Authenticator, limiter: (any Limiter)? = nil) {
        self.authenticator = authenticator
        self.limiter = limiter
    }

    // MARK: By the head

    /// Who this is, and whether their address or their client is refused or has used up a budget. Takes nothing: what a
    /// request will cost is not known yet. Runs on the event loop.
    ///
    /// - Parameter address: The client's, seen through trusted proxies.
    public func receive(
        _ credentials: Credentials, from address: String?, under policy: AccessPolicy, on eventLoop: any EventLoop
    ) -> Reception {
        // Before anything is verified, which is what costs most.
        if let limiter, let notNow = limiter.look(nil, from: address) { return .turnedAway(.notNow(notNow), nil) }
        return reception(authenticator.authenticate(credentials, on: eventLoop), from: address, under: policy)
    }

    private func reception(
        _ outcome: AuthenticationOutcome, from address: String?, under policy: AccessPolicy
    ) -> Reception {
        switch outcome {
        case .accepted(let principal):
            do {
                try policy.admit(principal)
            } catch {
                return .turnedAway(.refused(error), principal)
            }
            if let limiter, let notNow = limiter.look(principal, from: address) {
                return .turnedAway(.notNow(notNow), principal)
            }
            return .admitted(principal)
        case .refused(let failure):
            return .turnedAway(.refused(failure), nil)
        case .pending(let future):
            return .later(future.map { self.reception($0, from: address, under: policy) })
        }
    }

    // MARK: Once it is known what for

    /// Whether this caller may call this tool, now. Asked once a call, before it starts.
    ///
    /// It takes the call out of every budget that it falls under. What was taken stays taken where the call does not
    /// start afterwards, since its arguments do not fit or its pack is full: a budget counts what is asked of this
    /// host, and what cannot be done costs the host as well.
    ///
    /// - Parameters:
    ///   - tool: Name of the tool.
    ///   - pack: Id of the pack that brought it.
    ///   - scopes: Those that the tool asks for.
    /// - Throws: every scope that the call needs, where the caller lacks one.
    public func admit(
        callOf tool: String, in pack: String, scopes: [String], by principal: Principal, from address: String?,
        under policy: AccessPolicy
    ) throws(Objection) {
        try Self.check(principal, scopes, policy)
        if let limiter, let notNow = limiter.take(principal, from: address, tool: tool, pack: pack) {
            throw .notNow(notNow)
        }
    }

    /// Whether this caller may ask for what is no call, such as a list. Takes nothing.
    public func inquire(by principal: Principal, under policy: AccessPolicy) throws(Objection) {
        try Self.check(principal, [], policy)
    }

    private static func check(
        _ principal: Principal, _ scopes: [String], _ policy: AccessPolicy
    ) throws(Objection) {
        do {
            try policy.check(principal, scopes: scopes)
        } catch {
            throw .refused(error)
        }
    }
}
