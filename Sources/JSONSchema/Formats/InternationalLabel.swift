// Labels of internationalized domain names (IDNA2008), judged by what the standard library knows of Unicode.

/// One label between dots.
///
/// The version of Unicode is the standard library's. Two things are looser than the standard: whether a label is in
/// normalization form C is not checked where single characters do not show it, and of scripts whose letters join only
/// the basic Arabic ones are known to.
enum InternationalLabel {
    /// Whether what stands behind `xn--` says a label, in the one way there is to say it (RFC 5890 section 2.3.2.1, RFC
    /// 5891 section 5.4).
    static func isEncoded(_ text: ArraySlice<UInt8>) -> Bool {
        let lower = text.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
        guard let scalars = Punycode.decode(lower[...]), scalars.contains(where: { $0 >= 0x80 }) else { return false }
        return isLabel(scalars) && Punycode.encode(scalars) == lower
    }

    /// Whether these may be a label, as people read it (RFC 5891 section 4.2).
    static func isLabel(_ scalars: [UInt32]) -> Bool {
        let hyphen = UInt32(UInt8(ascii: "-"))
        guard let first = scalars.first, first != hyphen, scalars.last != hyphen,
            !(scalars.count >= 4 && scalars[2] == hyphen && scalars[3] == hyphen),
            !isMark(first)
        else { return false }
        return scalars.indices.allSatisfy { isAllowed(at: $0, in: scalars) } && Bidirectional.isLabel(scalars)
    }

    /// RFC 5892 section 3, with the rules of appendix A where a character depends on others.
    private static func isAllowed(at index: Int, in label: [UInt32]) -> Bool {
        let scalar = label[index]
        switch scalar {
        case 0x2D, 0x30...0x39, 0x61...0x7A: return true
        case 0...0x7F: return false
        case 0xDF, 0x3C2, 0x6FD, 0x6FE, 0xF0B, 0x3007: return true
        case 0x640, 0x7FA, 0x302E, 0x302F, 0x3031...0x3035, 0x303B: return false
        // A.1, A.2
        case 0x200C: return followsVirama(index, label) || joins(index, label)
        case 0x200D: return followsVirama(index, label)
        // A.3: between two l
        case 0xB7: return index > 0 && label[index - 1] == 0x6C && index + 1 < label.count && label[index + 1] == 0x6C
        // A.4 to A.6
        case 0x375: return index + 1 < label.count && Script.greek.contains(label[index + 1])
        case 0x5F3, 0x5F4: return index > 0 && Script.hebrew.contains(label[index - 1])
        // A.7
        case 0x30FB: return label.contains { Script.japanese.contains($0) }
        // A.8, A.9: digits of one kind
        case 0x660...0x669: return !label.contains { (0x6F0...0x6F9).contains($0) }
        case 0x6F0...0x6F9: return !label.contains { (0x660...0x669).contains($0) }
        // Old Hangul Jamo, and blocks that are ignored
        case 0x1100...0x11FF, 0xA960...0xA97C, 0xD7B0...0xD7C6, 0xD7CB...0xD7FB: return false
        case 0x20D0...0x20FF, 0x1D100...0x1D1FF, 0x1D200...0x1D24F: return false
        default: break
        }
        guard let properties = Unicode.Scalar(scalar)?.properties, !properties.changesWhenNFKCCaseFolded,
            !properties.isDefaultIgnorableCodePoint, !properties.isWhitespace, !properties.isNoncharacterCodePoint
        else { return false }
        switch properties.generalCategory {
        case .lowercaseLetter, .uppercaseLetter, .otherLetter, .decimalNumber, .modifierLetter, .nonspacingMark,
            .spacingMark:
            return true
        default: return false
        }
    }

    private static func isMark(_ scalar: UInt32) -> Bool {
        switch Unicode.Scalar(scalar)?.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }

    private static func followsVirama(_ index: Int, _ label: [UInt32]) -> Bool {
        index > 0 && Unicode.Scalar(label[index - 1])?.properties.canonicalCombiningClass == .virama
    }

    /// Between letters that join, with marks between them (RFC 5892 appendix A.1).
    private static func joins(_ index: Int, _ label: [UInt32]) -> Bool {
        let before = label[..<index].last { !isMark($0) }
        let after = label[(index + 1)...].first { !isMark($0) }
        guard let before, let after else { return false }
        return Script.joiningOnBothSides.contains(before)
            && (Script.joiningOnBothSides.contains(after) || Script.joiningToTheRight.contains(after))
    }

    /// As far as the rules above ask for them.
    private enum Script {
        static let greek = ScalarSet([
            0x370...0x373, 0x375...0x377, 0x37A...0x37D, 0x37F...0x37F, 0x384...0x384, 0x386...0x386, 0x388...0x3E1,
            0x3F0...0x3FF, 0x1D26...0x1D2A, 0x1F00...0x1FFE, 0x2126...0x2126, 0xAB65...0xAB65, 0x10140...0x1018E,
        ])
        static let hebrew = ScalarSet([0x591...0x5F4, 0xFB1D...0xFB4F])
        /// Hiragana, Katakana and Han.
        static let japanese = ScalarSet([
            0x3041...0x3096, 0x309D...0x309F, 0x30A1...0x30FA, 0x30FD...0x30FF, 0x31F0...0x31FF, 0x2E80...0x2FD5,
            0x3005...0x3005, 0x3007...0x3007, 0x3021...0x3029, 0x3038...0x303B, 0x3400...0x4DBF, 0x4E00...0x9FFF,
            0xF900...0xFAD9, 0xFF66...0xFF6F, 0xFF71...0xFF9D, 0x1B000...0x1B167, 0x20000...0x323AF,
        ])
        static let joiningToTheRight = ScalarSet([
            0x622...0x625, 0x627...0x627, 0x629...0x629, 0x62F...0x632, 0x648...0x648, 0x671...0x673, 0x675...0x677,
            0x688...0x699, 0x6C0...0x6C0, 0x6C3...0x6CB, 0x6CD...0x6CD, 0x6CF...0x6CF, 0x6D2...0x6D3, 0x6D5...0x6D5,
            0x6EE...0x6EF,
        ])
        static let joiningOnBothSides = ScalarSet([
            0x620...0x620, 0x626...0x626, 0x628...0x628, 0x62A...0x62E, 0x633...0x647, 0x649...0x64A, 0x66E...0x66F,
            0x678...0x687, 0x69A...0x6BF, 0x6C1...0x6C2, 0x6CC...0x6CC, 0x6CE...0x6CE, 0x6D0...0x6D1, 0x6FA...0x6FC,
            0x6FF...0x6FF,
        ])
    }

    /// The Bidi rule (RFC 5893 section 2), for labels with letters that are written from right to left.
    private enum Bidirectional {
        private enum Kind { case left, right, arabicNumber, europeanNumber, mark, other }

        static func isLabel(_ scalars: [UInt32]) -> Bool {
            let kinds = scalars.map(kind)
            guard kinds.contains(.right) || kinds.contains(.arabicNumber) else { return true }
            guard let end = kinds.last(where: { $0 != .mark }) else { return false }
            switch kinds[0] {
            case .right:
                return !kinds.contains(.left) && [.right, .arabicNumber, .europeanNumber].contains(end)
                    && !(kinds.contains(.arabicNumber) && kinds.contains(.europeanNumber))
            default: return false
            }
        }

        private static func kind(_ scalar: UInt32) -> Kind {
            switch Unicode.Scalar(scalar)?.properties.generalCategory {
            case .nonspacingMark, .enclosingMark: return .mark
            default: break
            }
            switch scalar {
            case 0x30...0x39, 0x6F0...0x6F9: return .europeanNumber
            case 0x660...0x669: return .arabicNumber
            case 0x2D, 0xB7, 0x375, 0x30FB, 0x200C, 0x200D: return .other
            case 0x590...0x8FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFF, 0x10800...0x10FFF, 0x1E800...0x1EFFF: return .right
            default: return .left
            }
        }
    }
}
