// Explains to an operator, check by check, why a token would or would not be let in.

import HostBase
import HostCaller

/// Every check that a token meets, with its result. Unlike verification it goes on after the first failure.
public struct TokenReport: Sendable, Equatable {
    public struct Line: Sendable, Hashable {
        public enum Verdict: String, Sendable, Hashable {
            case good, bad
            /// Could not be checked, because something before it failed.
            case open
        }

        public var check: String
        public var verdict: Verdict
        /// What was found. Values of the token are quoted, escaped and cut; the signature is never among them.
        public var detail: String
    }

    public private(set) var lines: [Line] = []
    /// Who would be let in; `nil` when nobody.
    public private(set) var principal: Principal?

    /// - Parameters:
    ///   - issuers: The configured ones.
    ///   - keys: The key set of each by `issuer`, as far as they could be had.
    public init(token: String, issuers: [IssuerConfiguration], keys: [String: JSONWebKeySet], now: NumericDate) {
        // Tokens that are copied from a terminal bring line breaks.
        let token = token.filter { !$0.isWhitespace }
        let parsed = attempt("form", "\(token.utf8.count) bytes") { () throws(RefusalReason) in try CompactJWS(token) }
        guard let parsed else { return }
        let claims = parsed.claims
        let configured = issuers.map { ForeignText.quoted($0.issuer) }.joined(separator: ", ")
        let found =
            "iss is \(claims.issuer.map(ForeignText.quoted) ?? "missing"); configured: \(configured)"
            + Self.otherVersion(claims, issuers)
        let settings = attempt("issuer", found) { () throws(RefusalReason) in
            guard let settings = issuers.first(where: { $0.issued(claims) }) else { throw .issuer }
            return settings
        }
        guard let settings else { return }
        let verifier = TokenVerifier(configuration: settings)
        checkSignature(of: parsed, verifier, keys[settings.issuer])
        let bearer = checkClaims(claims, verifier, now)
        if lines.allSatisfy({ $0.verdict == .good }) { principal = bearer }
    }

    private mutating func checkSignature(of token: CompactJWS, _ verifier: TokenVerifier, _ keys: JSONWebKeySet?) {
        let settings = verifier.configuration
        attempt("typ", "\(token.type.map(ForeignText.quoted) ?? "none"); allowed: \(settings.typePolicy.rawValue)") {
            () throws(RefusalReason) in try verifier.checkType(of: token)
        }
        let allowed = settings.algorithms.map(\.name).joined(separator: ", ")
        let algorithm = attempt("algorithm", "\(ForeignText.quoted(token.algorithm)); allowed: \(allowed)") {
            () throws(RefusalReason) in try verifier.allowedAlgorithm(of: token)
        }
        guard let keys, let algorithm else {
            lines.append(Line(check: "signature", verdict: .open, detail: keys == nil ? "no keys" : "no algorithm"))
            return
        }
        let known = keys.keys.map { $0.id.map(ForeignText.quoted) ?? "one without kid" }.joined(separator: ", ")
        let key = attempt(
            "key", "kid is \(token.keyID.map(ForeignText.quoted) ?? "missing"); the issuer's keys: \(known)"
        ) {
            () throws(RefusalReason) in try keys.key(id: token.keyID, algorithm: algorithm)
        }
        guard let key else {
            lines.append(Line(check: "signature", verdict: .open, detail: "no key"))
            return
        }
        attempt("signature", "of \(token.signature.count) bytes") { () throws(RefusalReason) in
            try verifier.checkSignature(of: token, key: key, algorithm)
        }
    }

    private mutating func checkClaims(_ claims: TokenClaims, _ verifier: TokenVerifier, _ now: NumericDate)
        -> Principal?
    {
        let settings = verifier.configuration
        attempt("use", "access token") { () throws(RefusalReason) in try verifier.checkUse(of: claims) }
        attempt("dates", Self.dates(claims, now)) { () throws(RefusalReason) in
            try verifier.checkDates(of: claims, now: now)
        }
        attempt("tenant", "tid is \(claims.text("tid").map(ForeignText.quoted) ?? "missing")") {
            () throws(RefusalReason) in
            try verifier.checkTenant(of: claims)
        }
        attempt("required claims", settings.requiredClaims.joined(separator: ", ")) { () throws(RefusalReason) in
            try verifier.checkRequired(in: claims)
        }
        let client = attempt("client", "from \(settings.clientClaims.joined(separator: ", "))") {
            () throws(RefusalReason) in try verifier.client(of: claims)
        }
        if let client { lines[lines.count - 1].detail = ForeignText.quoted(client) }
        attempt("audience", Self.audience(claims, settings)) { () throws(RefusalReason) in
            try verifier.checkAudience(of: claims, client: client ?? "")
        }
        let principal = attempt("user", "from \(settings.subjectClaims.joined(separator: ", "))") {
            () throws(RefusalReason) in try verifier.principal(of: claims, client: client ?? "")
        }
        guard let principal else { return nil }
        lines[lines.count - 1].detail =
            principal.subject.map(ForeignText.quoted) ?? "none: the application acts for itself"
        let scopes = principal.scopes.prefix(32).map(ForeignText.quoted).joined(separator: ", ")
        lines.append(Line(check: "scopes", verdict: .good, detail: scopes.isEmpty ? "none" : scopes))
        return principal
    }

    /// Adds a line for one check; `found` is what it looked at.
    @discardableResult
    private mutating func attempt<Value>(
        _ check: String, _ found: String, _ body: () throws(RefusalReason) -> Value
    ) -> Value? {
        do throws(RefusalReason) {
            let value = try body()
            lines.append(Line(check: check, verdict: .good, detail: found))
            return value
        } catch {
            lines.append(Line(check: check, verdict: .bad, detail: "\(error.advice) (\(found))"))
            return nil
        }
    }

    /// Entra issues tokens of two versions, each with an issuer of its own, and which one is up to a setting of the
    /// resource that metadata does not show.
    private static func otherVersion(_ claims: TokenClaims, _ issuers: [IssuerConfiguration]) -> String {
        guard let issuer = claims.issuer, let tenant = claims.text("tid") else { return "" }
        let names = ["https://sts.windows.net/\(tenant)/", "https://login.microsoftonline.com/\(tenant)/v2.0"]
        guard let version = names.firstIndex(where: issuer.isSame),
            issuers.contains(where: { $0.matches(names[1 - version], tenant: tenant, template: $0.issuer) })
        else { return "" }
        return
            "; it is a token of version \(version + 1): set api.requestedAccessTokenVersion to \(2 - version) in the "
            + "manifest of the app registration, or make its issuer OAUTH2_ISSUER"
    }

    private static func dates(_ claims: TokenClaims, _ now: NumericDate) -> String {
        let parts = ["exp", "nbf", "iat"].compactMap { name -> String? in
            guard let date = (try? claims.date(name)) ?? nil else { return nil }
            let seconds = (date - now).rounded()
            return "\(name) \(abs(seconds)) s \(seconds < 0 ? "ago" : "ahead")"
        }
        return parts.isEmpty ? "none" : parts.joined(separator: ", ")
    }

    private static func audience(_ claims: TokenClaims, _ settings: IssuerConfiguration) -> String {
        let named = ((try? claims.audiences()) ?? []).prefix(8).map(ForeignText.quoted).joined(separator: ", ")
        let expected =
            switch settings.audienceMode {
            case .audience: settings.audiences
            case .client: settings.clientIDs
            case .either: settings.audiences + settings.clientIDs
            }
        let what = settings.audienceMode == .client ? "clients let in" : "expected"
        return
            "aud is \(named.isEmpty ? "missing" : named); \(what): \(expected.map(ForeignText.quoted).joined(separator: ", "))"
    }
}
