// A caller as packs see them, laid out once for all of their calls, each of which takes a copy into its block.

/// The part of a call's block that belongs to its caller. Places are offsets from where it begins:
///
///     offset  bytes
///          0      8  id: opaque, stable and unique
///          8      8  subject
///         16      8  issuer of the subject
///         24      8  client
///         32      8  issuer of the client
///         40      8  for each scope
///                    the texts, one behind the other
///
/// Each is a place and a length, of 4 bytes each; a text without bytes has place 0.
struct CallerPart: Sendable {
    let bytes: [UInt8]
    let scopeCount: Int

    /// Where the scopes begin.
    static let scopes = 40

    init(id: String, subject: String, subjectIssuer: String, clientID: String, clientIssuer: String, scopes: [String]) {
        let texts = [id, subject, subjectIssuer, clientID, clientIssuer] + scopes
        scopeCount = scopes.count
        var bytes: [UInt8] = []
        var next = texts.count * 8
        bytes.reserveCapacity(texts.reduce(next) { $0 + $1.utf8.count })
        func append(_ number: Int) {
            unsafe withUnsafeBytes(of: UInt32(number)) { unsafe bytes.append(contentsOf: $0) }
        }
        for text in texts {
            append(text.isEmpty ? 0 : next)
            append(text.utf8.count)
            next += text.utf8.count
        }
        for text in texts { bytes.append(contentsOf: text.utf8) }
        self.bytes = bytes
    }
}
