// What a peer of a control socket has to know: who may open the socket need not be somebody who may read the host's
// files, since a confined pack runs as the host's user and no rule for files holds it back from connecting.

import HostBase

/// A secret of one host's life, in its own folder: a line of text.
struct ControlKey: Sendable {
    /// Its file in the host's folder.
    static let name = "control.key"
    /// The bytes that nobody can guess; the text has more.
    private static let entropy = 32
    /// The most bytes of a file that may be one.
    private static let longest = 256

    /// Without the end of its line.
    let text: [UInt8]

    /// A new one, which lies in the folder from then on.
    ///
    /// - Throws: `SecretFileFault` where it cannot be written.
    init(making folder: HostFolder) throws(SecretFileFault) {
        text = Array(Base64.url.encode(SecureRandom.bytes(Self.entropy)).utf8)
        try folder.create(Self.name, text + [UInt8(ascii: "\n")])
    }

    /// That of a host which lives, as a line to be sent.
    static func line(of host: LivingHost) throws(FileStatus.Failure) -> [UInt8] {
        try host.read(Self.name, limit: longest)
    }

    /// Takes as long wherever a line differs; how long a key is is no secret.
    func isSame(as line: [UInt8]) -> Bool {
        ConstantTime.digestsEqual(text, line)
    }
}
