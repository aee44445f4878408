// The name of an entry of a folder: bytes, of which the system says nothing else. A text made of other bytes names
// another file.

/// One component of a path.
public struct FileName: Sendable, Hashable {
    /// Neither empty nor with a slash or a zero in it.
    public let bytes: [UInt8]

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    public init(_ text: some StringProtocol) {
        bytes = Array(text.utf8)
    }

    /// `nil` where the bytes are no UTF-8: then no text stands for this name.
    public var text: String? { String(validating: bytes, as: UTF8.self) }

    /// For people, such as `caf\xe9.so`.
    public var shown: String {
        text ?? bytes.map { (0x20...0x7E).contains($0) ? String(UnicodeScalar($0)) : Self.escape($0) }.joined()
    }

    public func hasSuffix(_ suffix: String) -> Bool { bytes.suffix(suffix.utf8.count).elementsEqual(suffix.utf8) }

    /// The names in a path, in their order; `.` and what is empty between slashes say nothing.
    static func components(_ path: [UInt8]) -> [FileName] {
        let parts = path.split(separator: UInt8(ascii: "/")).filter { !$0.elementsEqual(".".utf8) }
        return parts.map { FileName(bytes: Array($0)) }
    }

    private static func escape(_ byte: UInt8) -> String {
        "\\x" + byte.hexadecimal
    }
}

extension FileName: Comparable {
    public static func < (left: FileName, right: FileName) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}
