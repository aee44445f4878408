// The signature algorithms of RFC 7518 section 3.1 and RFC 8037 that exist for this server. What is not here is
// unknown.

/// What a public key is a key of.
public enum KeyType: Sendable, Hashable {
    case rsa, p256, p384, p521, ed25519

    /// Length of one coordinate of the curve in bytes; also half of an ECDSA signature (RFC 7518 section 3.4).
    public var coordinateLength: Int? {
        switch self {
        case .p256: 32
        case .p384: 48
        case .p521: 66
        case .rsa, .ed25519: nil
        }
    }
}

/// An asymmetric signature algorithm. There are neither HMACs nor `none`, so a token cannot ask for them.
public enum SignatureAlgorithm: Sendable, Hashable, CaseIterable {
    case rs256, rs384, rs512
    case ps256, ps384, ps512
    case es256, es384, es512
    case ed25519

    /// The name that is registered, exactly; `EdDSA` and the newer `Ed25519` (RFC 9864) are one algorithm here, because
    /// no other curve is known.
    public init?(name: String) {
        switch name {
        case "RS256": self = .rs256
        case "RS384": self = .rs384
        case "RS512": self = .rs512
        case "PS256": self = .ps256
        case "PS384": self = .ps384
        case "PS512": self = .ps512
        case "ES256": self = .es256
        case "ES384": self = .es384
        case "ES512": self = .es512
        case "EdDSA", "Ed25519": self = .ed25519
        default: return nil
        }
    }

    public var name: String {
        switch self {
        case .rs256: "RS256"
        case .rs384: "RS384"
        case .rs512: "RS512"
        case .ps256: "PS256"
        case .ps384: "PS384"
        case .ps512: "PS512"
        case .es256: "ES256"
        case .es384: "ES384"
        case .es512: "ES512"
        case .ed25519: "EdDSA"
        }
    }

    /// The one kind of key that this algorithm works with.
    public var keyType: KeyType {
        switch self {
        case .rs256, .rs384, .rs512, .ps256, .ps384, .ps512: .rsa
        case .es256: .p256
        case .es384: .p384
        case .es512: .p521
        case .ed25519: .ed25519
        }
    }

    /// `nil` for Ed25519, which hashes by itself.
    var digest: Digest? {
        switch self {
        case .rs256, .ps256, .es256: .sha256
        case .rs384, .ps384, .es384: .sha384
        case .rs512, .ps512, .es512: .sha512
        case .ed25519: nil
        }
    }

    var usesPSS: Bool {
        switch self {
        case .ps256, .ps384, .ps512: true
        default: false
        }
    }
}
