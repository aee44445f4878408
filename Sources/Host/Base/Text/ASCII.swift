// Classes of ASCII characters, and bytes as hexadecimal digits.

extension UInt8 {
    /// `0` to `9`.
    public var isASCIIDigit: Bool { self &- 0x30 < 10 }

    /// `a` to `z`.
    public var isASCIISmallLetter: Bool { self &- 0x61 < 26 }

    /// `A` to `Z` and `a` to `z`.
    var isASCIILetter: Bool { (self | 0x20).isASCIISmallLetter }

    public var isASCIILetterOrDigit: Bool { isASCIIDigit || isASCIILetter }

    /// Two digits, with small letters.
    public var hexadecimal: String { (self < 16 ? "0" : "") + String(self, radix: 16) }
}

extension Sequence<UInt8> {
    /// Two digits for each byte, with small letters.
    public var hexadecimal: String { map(\.hexadecimal).joined() }
}

extension StringProtocol {
    /// Whether there is nothing but `0` to `9` in it; true of an empty text.
    public var isASCIIDigits: Bool { utf8.allSatisfy(\.isASCIIDigit) }
}
