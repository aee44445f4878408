// The form of a token, checked before any cryptography: what is no compact JWS never reaches a key.

import JSON
import Testing

@testable import HostAuth
@testable import HostBase

@Suite struct CompactJWSTests {
    private func reason(_ token: String, _ limits: CompactJWS.Limits = .init()) -> RefusalReason? {
        do throws(RefusalReason) {
            _ = try CompactJWS(token, limits: limits)
            return nil
        } catch {
            return error
        }
    }

    private func token(header: String, payload: String = "{}") -> String {
        "\(Base64.url.encode(Array(header.utf8))).\(Base64.url.encode(Array(payload.utf8))).AAAA"
    }

    @Test func takesApart() throws {
        let jws = try CompactJWS(token(header: #"{"alg":"RS256","kid":"k","typ":"JWT"}"#, payload: #"{"iss":"i"}"#))
        #expect(jws.algorithm == "RS256")
        #expect(jws.keyID == "k")
        #expect(jws.type == "JWT")
        #expect(jws.payload["iss"]?.string == "i")
        #expect(jws.signature == [0, 0, 0])
    }

    @Test(arguments: [
        "", ".", "..", "...", "a", "a.b", "a.b.", ".b.c", "a..c", "{}", #"{"payload":"","signatures":[]}"#, "a.b.c.d",
        "a.b.c.d.e.f", String(repeating: ".", count: 1000),
    ])
    func wantsThreeParts(text: String) {
        #expect(reason(text) == .malformed)
    }

    @Test func fivePartsAreEncrypted() {
        #expect(reason("a.b.c.d.e") == .encrypted)
        #expect(reason("a....") == .encrypted)
    }

    /// Each of these is another spelling of a good token, or nearly one.
    @Test func wantsStrictBase64URL() {
        let good = token(header: #"{"alg":"RS256"}"#)
        #expect(reason(good) == nil)
        let parts = good.split(separator: ".").map(String.init)
        for part in 0..<3 {
            for change in ["=", "==", " ", "\n", "\t", "+", "/", "%3D", "\u{0}", "é", "~"] {
                var changed = parts
                changed[part] += change
                #expect(reason(changed.joined(separator: ".")) == .malformed, "\(change) after part \(part)")
                changed[part] = change + parts[part]
                #expect(reason(changed.joined(separator: ".")) == .malformed, "\(change) before part \(part)")
            }
        }
        // Trailing bits: "AB" would decode to the same byte as "AA".
        #expect(reason("\(parts[0]).\(parts[1]).AA") == nil)
        #expect(reason("\(parts[0]).\(parts[1]).AB") == .malformed)
    }

    @Test(arguments: [
        "", "null", "[]", "1", #""alg""#, "{", #"{"alg":"RS256"}{}"#, #"{"alg":"RS256",}"#, #"{"alg":"RS256"} x"#, "{}",
        #"{"alg":null}"#, #"{"alg":1}"#, #"{"alg":["RS256"]}"#, #"{"alg":"RS256","kid":1}"#,
        #"{"alg":"RS256","typ":["JWT"]}"#, #"{"alg":"none","alg":"RS256"}"#, #"{"alg":"RS256","\u0061lg":"none"}"#,
        #"{"alg":"RS256","kid":"a","kid":"a"}"#, "{\"alg\":\"RS256\u{0}\"}", #"{"alg":"RS256","x":"\ud800"}"#,
    ])
    func wantsAnObjectAsHeader(header: String) {
        #expect(reason(token(header: header)) == .malformed)
    }

    @Test(arguments: [
        "", "null", "[]", "text", #"{"sub":"a","sub":"b"}"#, #"{"aud":"a","aud":"b"}"#, #"{"a":{"b":1,"b":2}}"#,
    ])
    func wantsAnObjectAsPayload(payload: String) {
        #expect(reason(token(header: #"{"alg":"RS256"}"#, payload: payload)) == .malformed)
    }

    @Test func refusesInvalidUTF8() {
        let header = Base64.url.encode(Array(#"{"alg":"RS256"}"#.utf8))
        let payload = Base64.url.encode(Array(#"{"a":""#.utf8) + [0xC3, 0x28] + Array(#""}"#.utf8))
        #expect(reason("\(header).\(payload).AAAA") == .malformed)
    }

    @Test(arguments: [
        #"{"alg":"RS256","crit":[]}"#, #"{"alg":"RS256","crit":["exp"],"exp":1}"#, #"{"alg":"RS256","crit":null}"#,
        #"{"alg":"RS256","b64":false,"crit":["b64"]}"#, #"{"alg":"RS256","b64":true}"#, #"{"alg":"RS256","zip":"DEF"}"#,
    ])
    func refusesExtensions(header: String) {
        #expect(reason(token(header: header)) == .criticalHeader)
    }

    @Test func boundsSizeAndDepth() {
        func padded(_ count: Int) -> String {
            token(header: #"{"alg":"RS256"}"#, payload: #"{"x":"\#(String(repeating: "a", count: count))"}"#)
        }
        #expect(reason(padded(12_000)) == nil)
        #expect(reason(padded(13_000)) == .tooLong)
        #expect(reason(padded(1 << 20)) == .tooLong)
        #expect(reason(padded(13_000), .init(tokenBytes: 20_000)) == nil)
        let wide = String(repeating: "k", count: 4200)
        #expect(reason(token(header: #"{"alg":"RS256","kid":"\#(wide)"}"#)) == .malformed)
        func nested(_ depth: Int) -> String {
            let inner = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
            return token(header: #"{"alg":"RS256"}"#, payload: #"{"x":\#(inner)}"#)
        }
        #expect(reason(nested(15)) == nil)
        #expect(reason(nested(16)) == .malformed)
        #expect(reason(nested(4000)) == .malformed)
    }
}
