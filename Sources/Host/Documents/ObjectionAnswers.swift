// What a caller that is turned away at the door is told, on every route that asks it.

import HostAuth
import HostDoor
import HostHTTP
import NIOHTTP1

/// Turns the door's objections into answers: RFC 6750 section 3, RFC 6585 section 4.
public struct ObjectionAnswers: Sendable {
    public let deployment: Deployment
    public let authMode: AuthMode

    public init(deployment: Deployment, authMode: AuthMode) {
        self.deployment = deployment
        self.authMode = authMode
    }

    /// - Parameters:
    ///   - suffix: path of the protected resource below the public URL; empty for the host.
    ///   - scopes: what a token for it needs.
    public func response(_ objection: Objection, suffix: String, scopes: [String]) -> Response {
        var response = problem(objection, suffix: suffix, scopes: scopes).response()
        response.reason = objection.reason
        return response
    }

    private func problem(_ objection: Objection, suffix: String, scopes: [String]) -> Problem {
        let failure: AuthenticationFailure
        switch objection {
        case .notNow(let notNow): return Problem(notNow)
        case .refused(let refused): failure = refused
        }
        var problem = Problem(
            HTTPResponseStatus(statusCode: Challenge.status(for: failure.kind)), failure.code,
            sentence(failure))
        problem.scopes = failure.scopes
        problem.headers = fields(failure, suffix: suffix, scopes: scopes)
        return problem
    }

    /// What the client reads: for every mode the way out that it has.
    public func sentence(_ failure: AuthenticationFailure) -> String {
        failure.hint == nil ? deployment.credentials.sentence(for: failure.kind) : failure.sentence
    }

    /// The header fields that go with a refusal.
    public func fields(
        _ failure: AuthenticationFailure, suffix: String, scopes: [String]
    ) -> [(name: String, value: String)] {
        var fields: [(name: String, value: String)] = []
        if authMode == .apiKey {
            // RFC 9110 section 11.6.1 wants a challenge; no registered scheme is about keys in fields of their own.
            if Challenge.status(for: failure.kind) == 401 {
                fields.append(("www-authenticate", "ApiKey header=\"\(APIKeyAuthenticator.header)\""))
            }
        } else if let value = challenge(failure.kind, failure.sentence, suffix: suffix, scopes: scopes) {
            fields.append(("www-authenticate", value))
        }
        if case .unavailable(let seconds) = failure.kind { fields.append(("retry-after", String(seconds))) }
        return fields
    }

    /// A challenge for a bearer token; `nil` where none belongs.
    public func challenge(
        _ kind: AuthenticationFailure.Kind, _ sentence: String? = nil, suffix: String, scopes: [String]
    ) -> String? {
        Challenge(
            resourceMetadata: ProtectedResourceMetadata.url(suffix: suffix, publicURL: deployment.publicURL),
            scopes: scopes
        ).value(for: kind, sentence)
    }
}

extension Problem {
    public init(_ notNow: NotNow) {
        self.init(
            .tooManyRequests, NotNow.code, notNow.sentence, headers: [("retry-after", String(notNow.seconds))])
    }
}
