// One public key as an issuer publishes it (RFC 7517), ready to verify with.

import JSONSchema

/// Why one member of a key set is not used. The others are.
enum KeySkipReason: Error, Sendable, Hashable {
    case notAnObject
    case unknownType
    case unknownCurve
    case unknownAlgorithm
    /// `use` is not `sig`, or `key_ops` does not name `verify`.
    case notForSignatures
    /// `alg` is an algorithm of another kind of key.
    case algorithmOfOtherType
    case memberMissing(String)
    case memberInvalid(String)
    case key(KeyFault)
}

/// A usable signature key of a key set.
struct JSONWebKey: Sendable {
    /// `kid`: case-sensitive, may be missing.
    let id: String?
    /// `alg`, where the issuer pins the key to one algorithm.
    let algorithm: SignatureAlgorithm?
    /// `issuer`, which Entra adds: only tokens of that issuer are verified with the key. May contain `{tenantid}`.
    let issuer: String?
    let publicKey: PublicKey

    /// Whether a token with this `alg` may be verified with this key.
    func allows(_ algorithm: SignatureAlgorithm) -> Bool {
        publicKey.type == algorithm.keyType && (self.algorithm ?? algorithm) == algorithm
    }

    init(_ value: JSONValue) throws(KeySkipReason) {
        guard let members = value.object else { throw .notAnObject }
        id = try Self.text("kid", in: members)
        issuer = try Self.text("issuer", in: members)
        if let use = try Self.text("use", in: members), use != "sig" { throw .notForSignatures }
        if let operations = members["key_ops"] {
            guard let names = operations.array else { throw .memberInvalid("key_ops") }
            guard names.contains("verify") else { throw .notForSignatures }
        }
        guard let type = try Self.text("kty", in: members) else { throw .memberMissing("kty") }
        switch type {
        case "RSA":
            let modulus = try Self.number("n", in: members)
            let exponent = try Self.number("e", in: members)
            publicKey = try Self.made { () throws(KeyFault) in
                try PublicKey(rsaModulus: modulus, exponent: exponent)
            }
        case "EC":
            guard let curve = try Self.curve(in: members) else { throw .unknownCurve }
            let x = try Self.octets("x", in: members)
            let y = try Self.octets("y", in: members)
            publicKey = try Self.made { () throws(KeyFault) in try PublicKey(curve: curve, x: x, y: y) }
        case "OKP":
            guard try Self.text("crv", in: members) == "Ed25519" else { throw .unknownCurve }
            let x = try Self.octets("x", in: members)
            publicKey = try Self.made { () throws(KeyFault) in try PublicKey(ed25519: x) }
        default:
            throw .unknownType
        }
        guard let name = try Self.text("alg", in: members) else {
            algorithm = nil
            return
        }
        guard let algorithm = SignatureAlgorithm(name: name) else { throw .unknownAlgorithm }
        guard algorithm.keyType == publicKey.type else { throw .algorithmOfOtherType }
        self.algorithm = algorithm
    }

    private static func curve(in members: JSONObject) throws(KeySkipReason) -> KeyType? {
        switch try text("crv", in: members) {
        case "P-256": .p256
        case "P-384": .p384
        case "P-521": .p521
        default: nil
        }
    }

    private static func made(_ body: () throws(KeyFault) -> PublicKey) throws(KeySkipReason) -> PublicKey {
        do {
            return try body()
        } catch {
            throw .key(error)
        }
    }

    private static func text(_ name: String, in members: JSONObject) throws(KeySkipReason) -> String? {
        guard let value = members[name] else { return nil }
        guard let text = value.string else { throw .memberInvalid(name) }
        return text
    }

    private static func octets(_ name: String, in members: JSONObject) throws(KeySkipReason) -> [UInt8] {
        guard let text = try text(name, in: members) else { throw .memberMissing(name) }
        guard let bytes = Base64.url.decode(text), !bytes.isEmpty else { throw .memberInvalid(name) }
        return bytes
    }

    /// `Base64urlUInt` (RFC 7518 section 2): big-endian in the minimal number of octets.
    private static func number(_ name: String, in members: JSONObject) throws(KeySkipReason) -> [UInt8] {
        let bytes = try octets(name, in: members)
        guard bytes[0] != 0 || bytes.count == 1 else { throw .memberInvalid(name) }
        return bytes
    }
}
