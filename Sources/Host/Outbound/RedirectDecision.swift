// Where an answer sends a request on to, and whether it may go there; a value that knows no network.

import HostNetwork

/// What to do about a response's status and `Location` (RFC 9110 section 15.4).
enum RedirectDecision: Sendable, Equatable {
    /// It is an answer like any other.
    case answer
    case follow(OutboundURL, method: String, keepsBody: Bool)
    /// Why it is not followed.
    case refuse(String)

    /// Enough for a trailing slash and a moved version; more is a loop.
    static let limit = 3

    /// - Parameters:
    ///   - followed: how many redirects led here.
    ///   - mayRepeat: whether the request does no harm when it arrives twice.
    init(status: Int, location: String?, from url: OutboundURL, method: String, followed: Int, mayRepeat: Bool) {
        guard [301, 302, 303, 307, 308].contains(status), let location else {
            self = .answer
            return
        }
        guard let target = url.resolve(location) else {
            // What it says is not repeated: a path or a query could be a secret.
            self = .refuse("\(url.origin) redirects to what is no usable URL")
            return
        }
        guard target.origin == url.origin else {
            self = .refuse("\(url.origin) redirects to \(target.origin): only redirects within an origin are followed")
            return
        }
        guard followed < Self.limit else {
            self = .refuse("\(url.origin) redirects more than \(Self.limit) times")
            return
        }
        // 301 and 302 often stand for 303: what was posted may be done already (RFC 9110 section 15.4.2, note). 307 and
        // 308 say that the request is to be made over there.
        if [301, 302].contains(status), method != "GET", method != "HEAD", !mayRepeat {
            self = .answer
            return
        }
        // 303 means: look there for the answer. The others mean: ask there instead, which for a call is the same
        // request.
        if status == 303 {
            self = .follow(target, method: method == "HEAD" ? "HEAD" : "GET", keepsBody: false)
        } else {
            self = .follow(target, method: method, keepsBody: true)
        }
    }
}
