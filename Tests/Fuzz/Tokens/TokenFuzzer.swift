// Feeds whatever libFuzzer comes up with to everything that reads what strangers send as a token.

import JSON

@testable import HostAuth
@testable import HostBase
@testable import HostCaller

/// Called by libFuzzer. The first byte says what the others are; an input that breaks a promise brings the process
/// down.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: data, count: size))
    guard let kind = bytes.first else { return 0 }
    let rest = Array(bytes.dropFirst())
    switch kind {
    case UInt8(ascii: "t"): TokenFuzzer.token(rest)
    case UInt8(ascii: "j"): TokenFuzzer.parts(rest)
    case UInt8(ascii: "k"): TokenFuzzer.keySet(rest)
    default: return -1
    }
    return 0
}

enum TokenFuzzer {
    private static let now = NumericDate(seconds: 1_700_000_000)

    private static let issuers: [IssuerConfiguration] = {
        var all = IssuerPreset.allCases.map { preset in
            var rules = preset.configuration(issuer: "https://\(preset.rawValue).example")
            (rules.audiences, rules.clientIDs) = (["tools"], ["client"])
            return rules
        }
        var tenants = IssuerPreset.entraV2.configuration(issuer: "https://login.example/{tenantid}/v2.0")
        (tenants.audiences, tenants.tenants) = (["tools"], ["11111111-2222-3333-4444-555555555555"])
        all.append(tenants)
        var identity = IssuerPreset.generic.configuration(issuer: "https://id.example")
        (identity.audienceMode, identity.clientIDs, identity.acceptsIDTokens) = (.either, ["client"], true)
        all.append(identity)
        return all
    }()

    /// One key of each kind that is quick to verify with; nobody has the private halves.
    private static let keys: JSONWebKeySet = {
        let document = #"""
            {"keys":[{"kty":"OKP","crv":"Ed25519","kid":"ed","x":"Y6XbD3GcQIfHRp_EPEfpMMq-BNsyXp06IFT19F_G9lk"},
            {"kty":"EC","crv":"P-256","kid":"ec","x":"5iSB9lSExNNAp8lQ4gjndtHnCkLmjN0RMR4H8I0IHsA",
            "y":"8Eis_hAvXoDO7HX3HICbUKz8VPinKtl4OB2SdE7tb-4"}]}
            """#
        guard let keys = try? JSONWebKeySet(parsing: Array(document.utf8)), keys.keys.count == 2 else {
            fatalError("the fixed keys cannot be read")
        }
        return keys
    }()

    /// The text of a token, as it stands.
    static func token(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        let field = (try? BearerToken.extract(from: ["Bearer " + text])) ?? Substring(text)
        let parsed = try? CompactJWS(field)
        if parsed != nil {
            // There is one spelling of each token, and it is made of these characters alone.
            let parts = field.split(separator: ".", omittingEmptySubsequences: false)
            precondition(parts.count == 3 && field.utf8.isB64Token)
            for part in parts {
                guard let decoded = Base64.url.decode(String(part)) else { fatalError("a part that does not decode") }
                precondition(Base64.url.encode(decoded) == part, "a part with two spellings")
            }
        }
        judge(String(field), isToken: parsed != nil)
    }

    /// A header and a payload, with a line feed between them, in a token that is made here: so that mutations are of
    /// what is inside.
    static func parts(_ bytes: [UInt8]) {
        let parts = bytes.split(separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return }
        let text = parts.map { Base64.url.encode(Array($0)) }.joined(separator: ".")
        let token = text + "." + Base64.url.encode([UInt8](repeating: 1, count: 64))
        let parsed = try? CompactJWS(token)
        judge(token, isToken: parsed != nil)
    }

    /// No stranger is let in, and the explanation agrees.
    private static func judge(_ text: String, isToken: Bool) {
        if let token = try? CompactJWS(text) {
            for issuer in issuers {
                let verifier = TokenVerifier(configuration: issuer)
                if (try? verifier.verify(token, keys: keys, now: now)) != nil {
                    fatalError("a made-up token was let in")
                }
            }
        }
        let report = TokenReport(
            token: text, issuers: issuers,
            keys: Dictionary(uniqueKeysWithValues: issuers.map { ($0.issuer, keys) }), now: now)
        precondition(report.principal == nil, "a made-up token would be let in")
        // The report leaves white space out, so it may read more than the parser does, never less.
        precondition(!isToken || report.lines.first?.verdict == .good)
        for line in report.lines {
            precondition(line.detail.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }, "a control character for a terminal")
        }
    }

    /// A key set, as an issuer might send it.
    static func keySet(_ bytes: [UInt8]) {
        guard let set = try? JSONWebKeySet(parsing: bytes) else { return }
        precondition(set.keys.count + set.skipped.count <= JSONWebKeySet.maximumKeys)
        precondition(set.isEquivalent(to: set))
        for algorithm in SignatureAlgorithm.allCases {
            guard let key = try? set.key(id: set.keys.first?.id, algorithm: algorithm) else { continue }
            precondition(key.allows(algorithm))
            _ = key.publicKey.verifies([UInt8](repeating: 1, count: 64), of: bytes.span, algorithm: algorithm)
        }
    }
}
