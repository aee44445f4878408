// What an operator is told about a token: every fault at its check, and nothing that could be replayed.

import JSON
import Testing

@testable import HostAuth
@testable import HostBase
@testable import HostCaller

@Suite struct TokenReportTests {
    private func report(
        _ token: String, _ provider: ProviderToken, withKeys: Bool = true
    ) throws -> TokenReport {
        let keys = try JSONWebKeySet(parsing: provider.keys.bytes())
        return TokenReport(
            token: token, issuers: [IssuerConfiguration(issuer: "https://first.example"), provider.settings],
            keys: withKeys ? [provider.settings.issuer: keys] : [:], now: ProviderToken.now)
    }

    static let checks: [TokenFault: String] = [
        .wrongIssuer: "issuer", .wrongAudience: "audience", .expired: "dates", .notYetValid: "dates",
        .wrongAlgorithm: "algorithm", .unknownKeyID: "key", .encryptionKey: "key", .otherKey: "signature",
        .idToken: "use", .withoutClient: "client", .withoutSubject: "user", .withoutExpiry: "dates",
    ]

    @Test(arguments: ProviderToken.all, TokenFault.allCases)
    func agreesWithVerification(provider: ProviderToken, fault: TokenFault) throws {
        let report = try report(provider.token(fault), provider)
        let bad = report.lines.filter { $0.verdict == .bad }.map(\.check)
        if let check = Self.checks[fault] {
            #expect(bad.contains(check))
            #expect(report.principal == nil)
        } else {
            #expect(bad == [])
            #expect(report.principal?.clientID == "client-1")
        }
    }

    @Test func goesOnAfterTheFirstFault() throws {
        let provider = try #require(ProviderToken.all.first { $0.preset == .generic })
        let claims: JSONObject = [
            "iss": .string(provider.settings.issuer), "aud": "x", "exp": 5, "client_id": "c", "sub": "s",
        ]
        let token = FixtureKey.otherRSA.token(claims, header: ["kid": "key-1", "typ": "other"])
        let lines = try report(token, provider).lines
        #expect(lines.filter { $0.verdict == .bad }.map(\.check) == ["typ", "signature", "dates", "audience"])
        #expect(
            lines.first { $0.check == "audience" }?.detail.contains(#"aud is "x"; expected: "other", "tools""#) == true)
        #expect(lines.first { $0.check == "dates" }?.detail.contains("exp 1699999995.0 s ago") == true)
    }

    /// The commonest mistake with Entra: metadata of one version, tokens of the other.
    @Test(arguments: [(IssuerPreset.entraV1, IssuerPreset.entraV2, "2"), (.entraV2, .entraV1, "1")])
    func tellsWhichVersionOfEntraIsConfigured(issued: IssuerPreset, configured: IssuerPreset, version: String) throws {
        let token = try #require(ProviderToken.all.first { $0.preset == issued }).token()
        let provider = try #require(ProviderToken.all.first { $0.preset == configured })
        let line = try #require(try report(token, provider).lines.first { $0.check == "issuer" })
        #expect(line.verdict == .bad)
        #expect(line.detail.contains("requestedAccessTokenVersion to \(version)"))
        let stranger = try #require(ProviderToken.all.first { $0.preset == .okta })
        #expect(try !report(token, stranger).lines.contains { $0.detail.contains("requestedAccessTokenVersion") })
    }

    @Test func withoutKeysTheSignatureIsOpen() throws {
        let provider = try #require(ProviderToken.all.first)
        let report = try report(provider.token(), provider, withKeys: false)
        #expect(report.lines.first { $0.check == "signature" }?.verdict == .open)
        #expect(report.principal == nil)
        #expect(!report.lines.contains { $0.verdict == .bad })
    }

    @Test func neverShowsTheSignatureOrTheToken() throws {
        for provider in ProviderToken.all {
            let token = provider.token(.otherKey)
            let text = try report(token, provider).lines.map(\.detail).joined()
            for part in token.split(separator: ".") { #expect(!text.contains(part)) }
        }
    }

    @Test(arguments: ["", "x", "a.b.c", "a.b.c.d.e", String(repeating: "a", count: 1 << 20)])
    func saysWhatIsNoToken(text: String) throws {
        let report = try report(text, try #require(ProviderToken.all.first))
        #expect(report.lines.map(\.check) == ["form"])
        #expect(report.lines[0].verdict == .bad)
    }

    @Test func lineBreaksOfATerminalDoNotMatter() throws {
        let provider = try #require(ProviderToken.all.first)
        let token = provider.token()
        let broken = " " + token.prefix(80) + "\n" + token.dropFirst(80) + "\r\n"
        #expect(try report(broken, provider).principal != nil)
    }

    @Test func foreignTextForgesNothing() {
        #expect(ForeignText.quoted("a\"b\\c") == #""a\"b\\c""#)
        #expect(ForeignText.quoted("\u{1B}[2J\n\u{9B}\u{202E}é") == #""\u{1b}[2J\u{a}\u{9b}\u{202e}\u{e9}""#)
        #expect(ForeignText.quoted(String(repeating: "x", count: 500)).unicodeScalars.count == 203)
    }

    @Test(arguments: RefusalReason.allCases)
    func everyReasonHasAdvice(reason: RefusalReason) {
        #expect(!reason.advice.isEmpty)
        #expect(reason.rawValue.allSatisfy { $0.isLowercase || $0 == "_" })
    }
}
