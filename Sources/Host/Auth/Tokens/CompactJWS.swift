// A token as it arrives, taken apart and bounded before any cryptography.

import JSONSchema

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
    let payload: JSONObject
    let signature: [UInt8]
    /// The token; the first `signedLength` bytes are what is signed.
    private let bytes: [UInt8]
    private let signedLength: Int

    /// Header members are read by name, so `jwk`, `jku`, `x5u` and `x5c`, with which a token brings its own key, have no effect.
    init(_ token: some StringProtocol, limits: Limits = Limits()) throws(RefusalReason) {
        let bytes = Array(token.utf8)
        guard bytes.count <= limits.tokenBytes else { throw .tooLong }
        var dots: [Int] = []
        for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: ".") {
            dots.append(index)
            guard dots.count <= 4 else { throw .malformed }
        }
        // Five parts are a JWE; saying so helps whoever forgot to ask for an audience (Auth0 then issues encrypted tokens).
        guard dots.count != 4 else { throw .encrypted }
        guard dots.count == 2 else { throw .malformed }
        let parts = [0..<dots[0], (dots[0] + 1)..<dots[1], (dots[1] + 1)..<bytes.count]
        guard !parts.contains(where: \.isEmpty), parts[0].count <= (limits.headerBytes * 4 + 2) / 3 else {
            throw .malformed
        }
        // Each character is checked by the decoder, which knows no others than the alphabet's.
        let text = bytes.span
        guard let headerBytes = Base64.url.decode(text.extracting(parts[0])),
            let payloadBytes = Base64.url.decode(text.extracting(parts[1])),
            let signature = Base64.url.decode(text.extracting(parts[2]))
        else { throw .malformed }

        let header = try Self.object(headerBytes, limits)
        // Understanding none of the extensions means refusing all of them (RFC 7515 section 4.1.11, RFC 7797 section 6).
        guard header["crit"] == nil, header["b64"] == nil, header["zip"] == nil else { throw .criticalHeader }
        guard let algorithm = header["alg"]?.string else { throw .malformed }
        self.algorithm = algorithm
        keyID = try Self.text("kid", in: header)
        type = try Self.text("typ", in: header)
        payload = try Self.object(payloadBytes, limits)
        self.signature = signature
        self.bytes = bytes
        signedLength = dots[1]
    }

    /// Whether `key` made the signature.
    func isSigned(by key: PublicKey, algorithm: SignatureAlgorithm) -> Bool {
        key.verifies(signature, of: bytes.span.extracting(..<signedLength), algorithm: algorithm)
    }

    private static func object(_ bytes: [UInt8], _ limits: Limits) throws(RefusalReason) -> JSONObject {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes, limits: JSONLimits(depth: limits.depth))
        } catch {
            throw .malformed
        }
        guard let object = value.object else { throw .malformed }
        return object
    }

    private static func text(_ name: String, in header: JSONObject) throws(RefusalReason) -> String? {
        guard let value = header[name] else { return nil }
        guard let text = value.string else { throw .malformed }
        return text
    }
}
