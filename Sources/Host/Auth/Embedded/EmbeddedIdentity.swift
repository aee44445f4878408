// What the embedded authorization server keeps from start to start: its signing key and its one client.

import HostBase
import JSON

/// The files under `<state>/auth/`, made on first start.
public struct EmbeddedIdentity: Sendable {
    let signingKey: SigningKey
    /// RFC 7638 thumbprint of the public key: the same for the same key, whoever computes it.
    let keyID: String
    let clientID: String
    let clientSecret: String
    /// Whether this start made the client, so that it is worth telling the operator.
    let isNew: Bool

    /// Shortest secret that is accepted from the file: 22 characters of base64url are 128 bits.
    static let minimumSecretLength = 22

    private static let keyFile = "signing-key.pem"
    private static let clientFile = "client.json"

    /// Whether a start has made the files; makes nothing. What is there but cannot be read is an error.
    public static func isMade(in folder: String) throws(SecretFileFault) -> Bool {
        guard try SecretFile.isThere(folder) else { return false }
        try SecretFile.checkFolder(folder)
        for file in [keyFile, clientFile] where try SecretFile.read("\(folder)/\(file)") == nil { return false }
        return true
    }

    /// Reads the files of `folder`, or makes them. Blocks: the first time it makes an RSA key.
    static func load(folder: String) throws(SecretFileFault) -> Self {
        try SecretFile.prepareFolder(folder)
        let key = try signingKey("\(folder)/\(keyFile)")
        let (client, isNew) = try client("\(folder)/\(clientFile)")
        let numbers = key.publicNumbers
        return Self(
            signingKey: key,
            keyID: thumbprint(modulus: numbers.modulus, exponent: numbers.exponent),
            clientID: client.id, clientSecret: client.secret, isNew: isNew)
    }

    /// The public key as a member of a JWK Set (RFC 7517).
    var publicJWK: JSONValue {
        let numbers = signingKey.publicNumbers
        return [
            "kty": "RSA", "use": "sig", "alg": "RS256", "kid": .string(keyID),
            "n": .string(Base64.url.encode(numbers.modulus)), "e": .string(Base64.url.encode(numbers.exponent)),
        ]
    }

    private static func signingKey(_ path: String) throws(SecretFileFault) -> SigningKey {
        do {
            if try SecretFile.read(path) == nil {
                _ = try SecretFile.create(path, try SigningKey.generate().pem())
            }
            return try SigningKey(pem: try SecretFile.read(path) ?? [])
        } catch let error as SecretFileFault {
            throw error
        } catch let error as SigningKeyFault {
            throw SecretFileFault(path: path, kind: .damaged(error.rawValue))
        } catch {
            throw SecretFileFault(path: path, kind: .damaged("unknown error"))
        }
    }

    private static func client(_ path: String) throws(SecretFileFault) -> ((id: String, secret: String), isNew: Bool) {
        var isNew = false
        if try SecretFile.read(path) == nil {
            let made: JSONValue = [
                "client_id": .string("client-" + Base64.url.encode(SecureRandom.bytes(9))),
                "client_secret": .string(Base64.url.encode(SecureRandom.bytes(32))),
            ]
            isNew = try SecretFile.create(path, made.bytes(pretty: true) + [UInt8(ascii: "\n")])
        }
        // Read back even when just made: another process may have been faster, and its client is the one that counts.
        let content = try SecretFile.read(path) ?? []
        guard let members = (try? JSONValue(parsing: content))?.object else {
            throw SecretFileFault(path: path, kind: .damaged("it is not a JSON object"))
        }
        guard let id = members["client_id"]?.string, isPrintable(id) else {
            throw SecretFileFault(path: path, kind: .damaged("client_id is not a printable ASCII string"))
        }
        guard let secret = members["client_secret"]?.string, isPrintable(secret),
            secret.utf8.count >= minimumSecretLength
        else {
            throw SecretFileFault(
                path: path,
                kind: .damaged(
                    "client_secret is not a printable ASCII string of at least \(minimumSecretLength) characters"))
        }
        return ((id, secret), isNew)
    }

    /// RFC 6749 appendix A.1 and A.2: `*VSCHAR`; neither may be empty here.
    private static func isPrintable(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 255 && text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    }

    /// RFC 7638 section 3: the required members, in lexicographic order, without white space.
    private static func thumbprint(modulus: [UInt8], exponent: [UInt8]) -> String {
        let text = #"{"e":"\#(Base64.url.encode(exponent))","kty":"RSA","n":"\#(Base64.url.encode(modulus))"}"#
        return Base64.url.encode(Digest.sha256.hash(Array(text.utf8)))
    }
}
