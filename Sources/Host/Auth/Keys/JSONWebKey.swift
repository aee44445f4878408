// One public key as an issuer publishes it (RFC 7517), ready to verify with.

import HostBase
import JSON

/// Why one member of a key set is not used. The others are.
public enum KeySkipReason: Error, Sendable, Hashable, CustomStringConvertible {
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

    public var description: String {
        switch self {
        case .notAnObject: "it is not a JSON object"
        case .unknownType: "its kty is none of RSA, EC and OKP"
        case .unknownCurve: "its crv is none of P-256, P-384, P-521 and, with the kty OKP, Ed25519"
        case .unknownAlgorithm:
            "its alg is none of " + SignatureAlgorithm.allCases.map(\.name).joined(separator: ", ")
                + ", written exactly so"
        case .notForSignatures: "it is not for signatures: its use is not sig, or its key_ops do not name verify"
        case .algorithmOfOtherType: "its alg belongs to another kind of key"
        case .memberMissing(let name): "it has no \(name)"
        case .memberInvalid(let name): "its \(name) is not what RFC 7517 and RFC 7518 want there"
        case .key(let fault): fault.description
        }
    }
}

/// A usable signature key of a key set.
public struct JSONWebKey: Sendable {
    /// `kid`: case-sensitive, may be missing.
    public let id: String?
    /// `alg`, where the issuer pins the key to one algorithm.
    let algorithm: SignatureAlgorithm?
    /// `issuer`, which Entra adds: only tokens of that issuer are verified with the key. May contain `{tenantid}`.
    let issuer: String?
    let publicKey: PublicKey

    /// Whether a token with this `alg` may be verified with this key.
    public func allows(_ algorithm: SignatureAlgorithm) -> Bool {
        publicKey.type == algorithm.keyType && (self.algorithm ?? algorithm) == algorithm
    }

    init(_ value: JSONValue) throws(KeySkipReason) {
        guard let members = value.object else { throw .notAnObject }
        id = try Self.text("kid", in: members)
        issuer = try Self.text("issuer", in: members)
        if let use = try Self.text("use", in: members), use != "sig" { throw .notForSignatures }
        if let operations = members["key_ops"], !operations.isNull {
            guard let names = operations.array else { throw .memberInvalid("key_ops") }
            guard names.contains("verify") else { throw .notForSignatures }
        }
        guard let type = try Self.text("kty", in: members) else { throw .memberMissing("kty") }
        switch type {
        case "RSA":
            let modulus = try Self.octets("n", in: members)
            let exponent = try Self.octets("e", in: members)
            publicKey = try Self.made { () throws(KeyFault) in
                try PublicKey(rsaModulus: modulus, exponent: exponent)
            }
        case "EC":
            guard let curve = try Self.curve(in: members) else { throw .unknownCurve }
            let x = Self.coordinate(try Self.octets("x", in: members), of: curve)
            let y = Self.coordinate(try Self.octets("y", in: members), of: curve)
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

    /// A member that is `null` is one that is not there: some serializers write all that a key could have.
    private static func text(_ name: String, in members: JSONObject) throws(KeySkipReason) -> String? {
        guard let value = members[name], !value.isNull else { return nil }
        guard let text = value.string else { throw .memberInvalid(name) }
        return text
    }

    /// Base64url, with the padding that RFC 7515 section 2 leaves out and many writers leave in, or without. Some write
    /// the two characters of the other alphabet (RFC 4648 section 4), which can mean nothing else either; not both in
    /// one text.
    private static func octets(_ name: String, in members: JSONObject) throws(KeySkipReason) -> [UInt8] {
        guard let text = try text(name, in: members) else { throw .memberMissing(name) }
        var characters = Array(text.utf8)
        if characters.count.isMultiple(of: 4) {
            for _ in 0..<2 where characters.last == UInt8(ascii: "=") { characters.removeLast() }
        }
        if !characters.contains(where: { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }) {
            for (index, character) in characters.enumerated() {
                switch character {
                case UInt8(ascii: "+"): characters[index] = UInt8(ascii: "-")
                case UInt8(ascii: "/"): characters[index] = UInt8(ascii: "_")
                default: break
                }
            }
        }
        guard let bytes = Base64.url.decode(characters), !bytes.isEmpty else { throw .memberInvalid(name) }
        return bytes
    }

    /// A coordinate in the length that RFC 7518 section 6.2.1.2 wants. Writers that take it for a number leave zeros in
    /// front out, or put the sign of a Java `BigInteger` there. Which number is meant is certain either way, and
    /// whether it is one of the curve is checked afterwards.
    private static func coordinate(_ bytes: [UInt8], of curve: KeyType) -> [UInt8] {
        guard let length = curve.coordinateLength, bytes.count != length else { return bytes }
        let digits = bytes.drop { $0 == 0 }
        guard digits.count <= length else { return bytes }
        return [UInt8](repeating: 0, count: length - digits.count) + digits
    }
}
