// Sessions of the legacy era without any memory of them: the id says everything, and a signature says that it is ours.

import HostBase
import HostCaller

/// What a session id says.
struct MCPSession: Sendable, Hashable {
    var version: ProtocolVersion
    /// Random; tells two sessions of one client apart.
    var nonce: [UInt8]
}

/// Makes and reads session ids: version, random bytes and an HMAC over both and the principal, in base64url.
///
/// A session is no authentication: every request brings its own credentials, and an id is worth nothing to anybody but
/// the principal it was made for. It ends when its client forgets it.
public struct SessionIDs: Sendable {
    private static let versions = ProtocolVersion.allCases
    private static let nonceLength = 16
    private static let secretLength = 32

    private let key: HMACKey

    init(secret: [UInt8]) {
        key = HMACKey(secret)
    }

    /// Reads the secret from `<state>/auth/`, or makes it: ids stay good over a restart. Blocks.
    public static func open(stateFolder: String) throws(SecretFileFault) -> SessionIDs {
        let folder = "\(stateFolder)/auth"
        try SecretFile.prepareFolder(folder)
        let path = "\(folder)/mcp-session.key"
        if try SecretFile.read(path) == nil {
            let made = Base64.url.encode(SecureRandom.bytes(secretLength)) + "\n"
            _ = try SecretFile.create(path, Array(made.utf8))
        }
        // Read back even when just made: another process may have been faster.
        var content = try SecretFile.read(path) ?? []
        if content.last == UInt8(ascii: "\n") { content.removeLast() }
        guard let secret = Base64.url.decode(content), secret.count == secretLength else {
            throw SecretFileFault(
                path: path, kind: .damaged("it is not \(secretLength) bytes in base64url"))
        }
        return SessionIDs(secret: secret)
    }

    /// A new session's id: visible ASCII, and nothing that anybody could guess.
    func mint(_ version: ProtocolVersion, for principal: Principal) -> String {
        let content = Self.content(MCPSession(version: version, nonce: SecureRandom.bytes(Self.nonceLength)))
        return Base64.url.encode(content + signature(content, principal))
    }

    /// The session, when the id was made here for this very principal.
    func read(_ id: String, for principal: Principal) -> MCPSession? {
        guard let bytes = Base64.url.decode(id), bytes.count == 1 + Self.nonceLength + HMACKey.length else {
            return nil
        }
        let content = Array(bytes.prefix(1 + Self.nonceLength))
        guard ConstantTime.digestsEqual(Array(bytes.suffix(HMACKey.length)), signature(content, principal)),
            Self.versions.indices.contains(Int(content[0]))
        else { return nil }
        return MCPSession(version: Self.versions[Int(content[0])], nonce: Array(content.dropFirst()))
    }

    private static func content(_ session: MCPSession) -> [UInt8] {
        [UInt8(versions.firstIndex(of: session.version) ?? 0)] + session.nonce
    }

    private func signature(_ content: [UInt8], _ principal: Principal) -> [UInt8] {
        key.authenticate(content + Array(principal.id.utf8))
    }
}
