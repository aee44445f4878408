// Decides whether a token of one issuer lets its bearer in, and as whom. Pure: keys and time are handed in.

import HostBase
import HostCaller

/// A token that was believed.
struct VerifiedToken: Sendable, Equatable {
    var principal: Principal
    /// `exp`, without leeway.
    var expiry: NumericDate
}

/// The rules of one issuer, applied (RFC 9068 section 4, RFC 8725).
struct TokenVerifier: Sendable {
    let configuration: IssuerConfiguration

    /// Verifies with keys that are at hand.
    func verify(
        _ token: CompactJWS, keys: JSONWebKeySet, now: NumericDate
    ) throws(RefusalReason) -> VerifiedToken {
        let algorithm = try algorithm(of: token)
        return try verify(token, key: try keys.key(id: token.keyID, algorithm: algorithm), algorithm, now: now)
    }

    /// What can be said before there is a key: whose token it is, of which type, and what `alg` names, if this issuer
    /// signs with it. Nothing is fetched for a token that fails here.
    func algorithm(of token: CompactJWS) throws(RefusalReason) -> SignatureAlgorithm {
        guard configuration.issued(token.claims) else { throw .issuer }
        let algorithm = try allowedAlgorithm(of: token)
        try checkType(of: token)
        return algorithm
    }

    /// - Parameters:
    ///   - key: The one that the token's `kid` and `algorithm` chose from this issuer's keys.
    ///   - algorithm: The result of `algorithm(of:)`.
    func verify(
        _ token: CompactJWS, key: JSONWebKey, _ algorithm: SignatureAlgorithm, now: NumericDate
    ) throws(RefusalReason) -> VerifiedToken {
        try checkSignature(of: token, key: key, algorithm)
        return try check(token.claims, now: now)
    }

    /// Checks the claims of a token whose signature is good.
    private func check(_ claims: TokenClaims, now: NumericDate) throws(RefusalReason) -> VerifiedToken {
        try checkUse(of: claims)
        let expiry = try checkDates(of: claims, now: now)
        try checkTenant(of: claims)
        try checkRequired(in: claims)
        let client = try client(of: claims)
        try checkAudience(of: claims, client: client)
        return VerifiedToken(principal: try principal(of: claims, client: client), expiry: expiry)
    }
}

/// The checks one by one, in the order in which they are made. `TokenReport` makes them all.
extension TokenVerifier {
    func allowedAlgorithm(of token: CompactJWS) throws(RefusalReason) -> SignatureAlgorithm {
        guard let algorithm = SignatureAlgorithm(name: token.algorithm), configuration.algorithms.contains(algorithm)
        else { throw .algorithm }
        return algorithm
    }

    /// `typ` is a media type: case-insensitive, `application/` implied where there is no slash (RFC 7515 section
    /// 4.1.9).
    func checkType(of token: CompactJWS) throws(RefusalReason) {
        // As most of them are written; the rest is for the others.
        if token.type == "JWT", configuration.typePolicy == .jwt { return }
        var type = token.type?.lowercased()
        if let full = type, full.hasPrefix("application/") { type = String(full.dropFirst("application/".count)) }
        switch configuration.typePolicy {
        case .accessToken: guard type == "at+jwt" else { throw .type }
        case .jwt: guard type == nil || type == "jwt" || type == "at+jwt" else { throw .type }
        case .any: break
        }
    }

    /// Whether `key` may vouch for this issuer, and does for this token.
    func checkSignature(
        of token: CompactJWS, key: JSONWebKey, _ algorithm: SignatureAlgorithm
    ) throws(RefusalReason) {
        if let template = key.issuer {
            guard let issuer = token.claims.issuer,
                configuration.matches(issuer, tenant: token.claims.text("tid"), template: template)
            else { throw .unknownKeyID }
        }
        guard token.isSigned(by: key.publicKey, algorithm: algorithm) else { throw .signature }
    }

    /// Keeps ID tokens out: they tell an application who logged in, and prove nothing to anybody else.
    func checkUse(of claims: TokenClaims) throws(RefusalReason) {
        if !configuration.acceptsIDTokens {
            let grants = claims.has("scope") || claims.has("scp") || claims.has("roles")
            if claims.text("typ") == "ID" || claims.text("token_use") == "id"
                || (!grants && (claims.has("nonce") || claims.has("at_hash") || claims.has("c_hash")))
            {
                throw .idToken
            }
        }
        if let use = configuration.tokenUse, claims.text("token_use") != use { throw .tokenUse }
    }

    /// - Returns: `exp`.
    func checkDates(of claims: TokenClaims, now: NumericDate) throws(RefusalReason) -> NumericDate {
        guard let expiry = try claims.date("exp") else { throw .missingClaim }
        guard now < expiry + configuration.leeway else { throw .expired }
        if let start = try claims.date("nbf"), now < start - configuration.leeway { throw .notYetValid }
        if let issued = try claims.date("iat"), now < issued - configuration.leeway { throw .issuedInFuture }
        return expiry
    }

    func checkTenant(of claims: TokenClaims) throws(RefusalReason) {
        guard !configuration.tenants.isEmpty else { return }
        guard let tenant = claims.text("tid"), configuration.tenants.contains(where: tenant.isSame)
        else { throw .tenant }
    }

    func checkRequired(in claims: TokenClaims) throws(RefusalReason) {
        guard configuration.requiredClaims.allSatisfy(claims.has) else { throw .missingClaim }
    }

    func client(of claims: TokenClaims) throws(RefusalReason) -> String {
        guard let client = configuration.clientClaims.lazy.compactMap(claims.text).first else { throw .missingClaim }
        return client
    }

    func checkAudience(of claims: TokenClaims, client: String) throws(RefusalReason) {
        let named = try claims.audiences().contains { audience in
            configuration.audiences.contains { $0.isSame(as: audience) }
        }
        let known = configuration.clientIDs.contains { $0.isSame(as: client) }
        switch configuration.audienceMode {
        case .audience: guard named else { throw .audience }
        case .client: guard known else { throw .audience }
        case .either: guard named || known else { throw .audience }
        }
    }

    /// Who bears the token: the client, and the user unless the client acts for itself.
    func principal(of claims: TokenClaims, client: String) throws(RefusalReason) -> Principal {
        guard let issuer = claims.issuer else { throw .issuer }
        let scopes = try scopes(of: claims)
        guard !isApplication(claims, client: client) else {
            return Principal(clientID: client, clientIssuer: issuer, scopes: scopes)
        }
        guard let subject = configuration.subjectClaims.lazy.compactMap(claims.text).first else {
            throw .missingClaim
        }
        return Principal(
            subject: subject, subjectIssuer: issuer, clientID: client, clientIssuer: issuer, scopes: scopes)
    }

    private func isApplication(_ claims: TokenClaims, client: String) -> Bool {
        configuration.applicationMarks.contains { mark in
            switch mark {
            case .claim(let name, let value): claims.text(name) == value
            case .claims(let name, let other): claims.has(name) && claims.text(name) == claims.text(other)
            case .client(let name, let prefix, let suffix):
                claims.text(name)?.isSame(as: prefix.isEmpty && suffix.isEmpty ? client : prefix + client + suffix)
                    == true
            }
        }
    }

    /// So few are compared with each other sooner than they are hashed.
    private static let fewScopes = 8

    /// Scopes and roles in their order, each once.
    private func scopes(of claims: TokenClaims) throws(RefusalReason) -> [String] {
        var scopes: [String] = []
        for name in configuration.scopeClaims { scopes += try claims.words(name) }
        for pointer in configuration.roleClaims { scopes += try claims.words(at: pointer) }
        let hasDoubles =
            scopes.count > Self.fewScopes
            || scopes.indices.contains { place in scopes[..<place].contains { $0.isSame(as: scopes[place]) } }
        guard hasDoubles else { return scopes }
        var seen: Set<String> = []
        return scopes.filter { seen.insert($0).inserted }
    }
}
