// A token as it arrives, taken apart and bounded before any cryptography.

import HostBase
import JSON

/// A JWS in compact serialisation (RFC 7515 section 7.1) whose payload is a JSON object. Nothing in it is believed yet.
struct CompactJWS: Sendable {
    struct Limits: Sendable, Hashable {
        /// Bytes of the whole token. Entra's tokens with groups reach 6–8 KiB.
        var tokenBytes = 16 * 1024
        /// Bytes of the header once decoded.
        var headerBytes = 4 * 1024
        /// Nesting of JSON.
        var depth = 16
    }

    /// `alg`, as stated.
    let algorithm: String
    /// `kid`, which is only ever compared.
    let keyID: String?
    /// `typ`, as stated.
    let type: String?
    let claims: TokenClaims
    let signature: [UInt8]
    /// The token; its first `signedLength` bytes are what is signed.
    private let text: Substring
    private let signedLength: Int

    /// Header members are read by name, so `jwk`, `jku`, `x5u` and `x5c`, with which a token brings its own key, have
    /// no effect.
    init(_ token: some StringProtocol, limits: Limits = Limits()) throws(RefusalReason) {
        let text = Substring(token)
        let bytes = text.utf8.span
        guard bytes.count <= limits.tokenBytes else { throw .tooLong }
        var (dots, first, second) = (0, 0, 0)
        for index in bytes.indices where bytes[index] == UInt8(ascii: ".") {
            dots += 1
            if dots == 1 { first = index }
            if dots == 2 { second = index }
            guard dots <= 4 else { throw .malformed }
        }
        // Five parts are a JWE; saying so helps whoever forgot to ask for an audience (Auth0 then issues encrypted
        // tokens).
        guard dots != 4 else { throw .encrypted }
        guard dots == 2, first > 0, second > first + 1, second < bytes.count - 1,
            first <= (limits.headerBytes * 4 + 2) / 3
        else { throw .malformed }
        // Each character is checked by the decoder, which knows no others than the alphabet's.
        guard let headerBytes = Base64.url.decode(bytes.extracting(..<first)),
            let payloadBytes = Base64.url.decode(bytes.extracting((first + 1)..<second)),
            let signature = Base64.url.decode(bytes.extracting((second + 1)...))
        else { throw .malformed }

        let header = try Self.object(headerBytes, limits)
        // Understanding none of the extensions means refusing all of them (RFC 7515 section 4.1.11, RFC 7797 section
        // 6).
        guard header["crit"] == nil, header["b64"] == nil, header["zip"] == nil else { throw .criticalHeader }
        guard let algorithm = header["alg"]?.string else { throw .malformed }
        self.algorithm = algorithm
        keyID = try Self.text("kid", in: header)
        type = try Self.text("typ", in: header)
        claims = TokenClaims(try Self.object(payloadBytes, limits))
        self.signature = signature
        self.text = text
        signedLength = second
    }

    /// Whether `key` made the signature.
    func isSigned(by key: PublicKey, algorithm: SignatureAlgorithm) -> Bool {
        key.verifies(signature, of: text.utf8.span.extracting(..<signedLength), algorithm: algorithm)
    }

    private static func object(_ bytes: [UInt8], _ limits: Limits) throws(RefusalReason) -> JSONNode {
        let root: JSONNode
        do {
            root = try JSONDocument(parsing: bytes, limits: JSONLimits(depth: limits.depth)).root
        } catch {
            throw .malformed
        }
        guard root.kind == .object else { throw .malformed }
        return root
    }

    private static func text(_ name: String, in header: JSONNode) throws(RefusalReason) -> String? {
        guard let value = header[name] else { return nil }
        guard let text = value.string else { throw .malformed }
        return text
    }
}
