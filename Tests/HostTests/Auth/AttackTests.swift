// Tokens that somebody made up to be let in.

import JSON
import Testing

@testable import HostAuth
@testable import HostBase
@testable import HostCaller

@Suite struct AttackTests {
    let provider: ProviderToken
    let keys: JSONWebKeySet
    let claims: JSONObject

    init() throws {
        provider = try #require(ProviderToken.all.first { $0.preset == .generic })
        keys = try JSONWebKeySet(parsing: provider.keys.bytes())
        claims = try CompactJWS(provider.token()).payload
    }

    private func reason(
        _ token: String, at now: NumericDate = ProviderToken.now,
        _ change: (inout IssuerConfiguration) -> Void = { _ in }
    ) -> RefusalReason? {
        var settings = provider.settings
        change(&settings)
        do throws(RefusalReason) {
            _ = try TokenVerifier(configuration: settings).verify(try CompactJWS(token), keys: keys, now: now)
            return nil
        } catch {
            return error
        }
    }

    /// The good token with claims changed, properly signed.
    private func signed(_ changes: [String: JSONValue?], header: JSONObject = [:]) -> String {
        var claims = claims
        for (name, value) in changes { claims[name] = value }
        var members: JSONObject = ["kid": "key-1", "typ": "at+jwt"]
        for (name, value) in header { members[name] = value }
        return FixtureKey.rsa.token(claims, header: members)
    }

    @Test func theGoodTokenIsGood() {
        #expect(reason(signed([:])) == nil)
    }

    @Test(arguments: [
        "none", "None", "NONE", "nOnE", "none ", "", "HS256", "HS512", "rs256", "RS256 ", "RSA1_5", "dir", "EdDSA\u{0}",
    ])
    func algorithmIsFromTheList(name: String) {
        #expect(reason(signed([:], header: ["alg": .string(name)])) == .algorithm)
        // `none` has an empty signature, which is not of the form already.
        let parts = signed([:], header: ["alg": .string(name)]).split(separator: ".")
        #expect(reason("\(parts[0]).\(parts[1]).") == .malformed)
        #expect(reason("\(parts[0]).\(parts[1]).AA") == .algorithm)
    }

    @Test func algorithmOfAnotherKeyTypeFindsNoKey() {
        for algorithm in ["ES256", "EdDSA", "ES512"] {
            #expect(reason(signed([:], header: ["alg": .string(algorithm)])) == .algorithm)
        }
        #expect(reason(signed([:], header: ["alg": "PS256"])) == .signature)
        #expect(reason(signed([:], header: ["alg": "RS384"])) == .signature)
        #expect(reason(signed([:])) { $0.algorithms = [.ps256, .es256] } == .algorithm)
    }

    /// The attacker's own key travels in the header; nobody looks.
    @Test func keysInTheHeaderHaveNoEffect() {
        let own = FixtureKey(.rsa)
        for header: JSONObject in [
            ["jwk": own.jwk("key-1")], ["jku": "https://evil.example/keys"], ["x5u": "http://169.254.169.254/"],
            ["x5c": ["MIIB"]], ["x5t": "AAAA"],
        ] {
            var members: JSONObject = ["kid": "key-1", "typ": "at+jwt"]
            for (name, value) in header { members[name] = value }
            #expect(reason(own.token(claims, header: members)) == .signature)
            #expect(reason(signed([:], header: header)) == nil)
        }
    }

    @Test(arguments: [
        "../../../dev/null", "key-1' OR '1'='1", "", "KEY-1", "key-1\u{0}", "key-1 ", "https://evil.example",
    ])
    func keyIDIsOnlyCompared(id: String) {
        #expect(reason(signed([:], header: ["kid": .string(id)])) == .unknownKeyID)
    }

    @Test func everyChangedBitIsNoticed() throws {
        let good = try CompactJWS(signed([:])).signature
        let parts = signed([:]).split(separator: ".")
        for index in stride(from: 0, to: good.count, by: 37) {
            var signature = good
            signature[index] ^= 0x10
            #expect(reason("\(parts[0]).\(parts[1]).\(Base64.url.encode(signature))") == .signature)
        }
        for signature in [good + [0], [0] + good, Array(good.dropLast()), [], [0]] where !signature.isEmpty {
            #expect(reason("\(parts[0]).\(parts[1]).\(Base64.url.encode(signature))") == .signature)
        }
        // Payload and header of one, signature of another.
        let other = signed(["sub": "user-2"]).split(separator: ".")
        #expect(reason("\(parts[0]).\(other[1]).\(parts[2])") == .signature)
    }

    /// Cut, doubled, swapped and changed at random places, by a generator that always starts alike: no other text than
    /// the signed one passes, and none brings the process down.
    @Test func manglingNeverPasses() {
        let good = Array(signed([:]).utf8)
        let alphabet = Array("AZaz09-_.=+/ {}\"\u{0}\u{FF}".utf8)
        var seed: UInt64 = 0x2545_F491_4F6C_DD1D
        func random(_ bound: Int) -> Int {
            seed ^= seed << 13
            seed ^= seed >> 7
            seed ^= seed << 17
            return Int(seed % UInt64(bound))
        }
        for _ in 0..<2000 {
            var bytes = good
            for _ in 0...random(3) {
                let (a, b) = (random(bytes.count), random(bytes.count))
                switch random(5) {
                case 0: bytes[a] = alphabet[random(alphabet.count)]
                case 1: bytes.insert(alphabet[random(alphabet.count)], at: a)
                case 2: bytes.removeSubrange(min(a, b)..<max(a, b))
                case 3: bytes.swapAt(a, b)
                default: bytes.insert(contentsOf: bytes[min(a, b)..<max(a, b)], at: a)
                }
                if bytes.isEmpty { bytes = [UInt8(ascii: ".")] }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            #expect((reason(text) == nil) == (bytes == good), "\(text)")
        }
    }

    @Test(arguments: ["at+jwt", "AT+JWT", "application/at+jwt", "Application/At+Jwt"])
    func typeIsAMediaType(type: String) {
        #expect(reason(signed([:], header: ["typ": .string(type)])) { $0.typePolicy = .accessToken } == nil)
    }

    @Test(arguments: [
        "JWT", "jwt", "", "at-jwt", "logout+jwt", "dpop+jwt", "text/at+jwt", "application/application/at+jwt",
    ])
    func otherTypesAreNot(type: String) {
        let token = signed([:], header: ["typ": .string(type)])
        #expect(reason(token) { $0.typePolicy = .accessToken } == .type)
        #expect(reason(token) { $0.typePolicy = .any } == nil)
        if type.lowercased() != "jwt" { #expect(reason(token) == .type) }
    }

    // MARK: Dates

    @Test func datesMayHaveFractionsAndBeHuge() throws {
        let now = ProviderToken.now.seconds
        #expect(reason(signed(["exp": JSONValue(now + 0.5)])) == nil)
        for lexeme in ["1e308", "1e400", "99999999999999999999999", "1700003600.5", "1.7e10"] {
            #expect(reason(signed(["exp": try JSONValue(parsing: lexeme)])) == nil, "\(lexeme)")
        }
        for lexeme in ["-1", "0", "-1e308", "-1e400", "1e-400", "1.5"] {
            #expect(reason(signed(["exp": try JSONValue(parsing: lexeme)])) == .expired, "\(lexeme)")
        }
        #expect(reason(signed(["nbf": try JSONValue(parsing: "1e400")])) == .notYetValid)
        #expect(reason(signed(["nbf": -5])) == nil)
        #expect(reason(signed(["iat": JSONValue(now + 61)])) == .issuedInFuture)
        #expect(reason(signed(["iat": JSONValue(now + 59)])) == nil)
    }

    @Test(arguments: ["exp", "nbf", "iat"])
    func datesAreNumbers(name: String) {
        for value: JSONValue in ["1700003600", true, nil, [1_700_003_600], [:]] {
            #expect(reason(signed([name: .some(value)])) == .invalidClaim)
        }
    }

    @Test func leewayIsExact() {
        let now = ProviderToken.now
        let token = signed(["exp": JSONValue(now.seconds), "nbf": JSONValue(now.seconds)])
        #expect(reason(token, at: now + 59.9) == nil)
        #expect(reason(token, at: now + 60) == .expired)
        #expect(reason(token, at: now - 60) == nil)
        #expect(reason(token, at: now - 60.1) == .notYetValid)
        #expect(reason(token, at: now) { $0.leeway = 0 } == .expired)
    }

    // MARK: Claims

    @Test func audienceIsExact() {
        for audience: JSONValue in ["Tools", "tools ", "tool", "toolsx", [], "", ["a", "TOOLS"], "tools/"] {
            #expect(reason(signed(["aud": audience])) == .audience, "\(audience)")
        }
        #expect(reason(signed(["aud": JSONValue?.none])) == .audience)
        for audience: JSONValue in [1, nil, [:], ["tools", 1], [["tools"]]] {
            #expect(reason(signed(["aud": .some(audience)])) == .invalidClaim, "\(audience)")
        }
        let many = JSONValue.array((0..<1500).map { .string("a\($0)") } + ["tools"])
        #expect(reason(signed(["aud": many])) == nil)
    }

    /// Unicode's other spelling of the same characters is another identifier.
    @Test func identifiersAreComparedByCodePoint() {
        let composed = "caf\u{E9}"
        let decomposed = "cafe\u{301}"
        #expect(reason(signed(["aud": .string(composed)])) { $0.audiences = [composed] } == nil)
        #expect(reason(signed(["aud": .string(decomposed)])) { $0.audiences = [composed] } == .audience)
        #expect(reason(signed(["iss": .string(decomposed)])) { $0.issuer = composed } == .issuer)
    }

    @Test(arguments: [
        "https://issuer.example/", "https://ISSUER.example", "http://issuer.example", "https://issuer.example#", "",
    ])
    func issuerIsExact(issuer: String) {
        #expect(reason(signed(["iss": .string(issuer)])) == .issuer)
    }

    @Test func issuerIsAString() {
        for issuer: JSONValue? in [JSONValue?.none, .some(nil), 1, ["https://issuer.example"]] {
            #expect(reason(signed(["iss": issuer])) == .issuer)
        }
    }

    @Test func clientModeNeedsAKnownClient() {
        func check(_ mode: IssuerConfiguration.AudienceMode, _ clients: [String], _ audience: String) -> RefusalReason?
        {
            reason(signed(["aud": .string(audience)])) {
                $0.audienceMode = mode
                $0.clientIDs = clients
            }
        }
        #expect(check(.client, ["client-1"], "x") == nil)
        #expect(check(.client, ["client-2"], "tools") == .audience)
        #expect(check(.either, ["client-1"], "x") == nil)
        #expect(check(.either, ["client-2"], "tools") == nil)
        #expect(check(.either, ["client-2"], "x") == .audience)
        #expect(check(.audience, ["client-1"], "x") == .audience)
    }

    @Test func scopesHaveTheirTypes() throws {
        func scopes(_ changes: [String: JSONValue?]) throws -> [String] {
            try TokenVerifier(configuration: provider.settings)
                .verify(try CompactJWS(signed(changes)), keys: keys, now: ProviderToken.now).principal.scopes
        }
        #expect(try scopes(["scope": "a  b a "]) == ["a", "b"])
        #expect(try scopes(["scope": ["a", "b"]]) == ["a", "b"])
        #expect(try scopes(["scope": "a", "scp": ["b"], "roles": ["c"]]) == ["a", "b", "c"])
        #expect(try scopes(["scope": JSONValue?.none]) == [])
        for value: JSONValue in [1, true, nil, ["a", 1], ["a": "b"]] {
            #expect(reason(signed(["scope": .some(value)])) == .invalidClaim)
        }
    }

    @Test func requiredClaimsAndUseAreChecked() {
        #expect(reason(signed([:])) { $0.requiredClaims = ["jti"] } == nil)
        #expect(reason(signed(["jti": JSONValue?.none])) { $0.requiredClaims = ["jti"] } == .missingClaim)
        #expect(reason(signed(["token_use": "refresh"])) { $0.tokenUse = "access" } == .tokenUse)
        #expect(reason(signed([:])) { $0.tokenUse = "access" } == .tokenUse)
        #expect(reason(signed(["token_use": "id"])) == .idToken)
        #expect(reason(signed(["typ": "ID"])) == .idToken)
        #expect(reason(signed(["scope": JSONValue?.none, "c_hash": "x"])) == .idToken)
        #expect(reason(signed(["nonce": "with scopes it is an access token"])) == nil)
    }

    /// A user who calls herself like a client is no application, and two issuers' users are not one.
    @Test func identitiesDoNotCollide() {
        let user = Principal(subject: "a", subjectIssuer: "i", clientID: "c", clientIssuer: "i", scopes: [])
        let client = Principal(clientID: "a", clientIssuer: "i", scopes: [])
        let other = Principal(subject: "a", subjectIssuer: "j", clientID: "c", clientIssuer: "i", scopes: [])
        let shifted = Principal(subject: "1:a", subjectIssuer: "i:", clientID: "c", clientIssuer: "i", scopes: [])
        #expect(Set([user, client, other, shifted].map(\.id)).count == 4)
    }
}
