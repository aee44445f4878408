// Strings: UTF-8 checked byte by byte (RFC 3629), escapes resolved once (RFC 8259 section 7).

extension TapeParser {
    /// Reads a string at its opening quote. Returns the mark of its content for a member name, zero for a value.
    mutating func string(_ text: Span<UInt8>, isName: Bool) throws(ParseFailure) -> UInt16 {
        let start = position + 1
        var index = start
        var isASCII = true
        while true {
            index = endOfPlainText(text, from: index, asciiOnly: true)
            guard index < text.count else { throw ParseFailure(text.count, .unexpectedEnd) }
            switch text[index] {
            case UInt8(ascii: "\""):
                let mark = isName ? contentMark(text, start, index - start) : 0
                add(.string, start: start, length: index - start, flags: isASCII ? .isASCII : [], mark: mark)
                position = index + 1
                return mark
            case UInt8(ascii: "\\"):
                return try escapedString(text, start, index, isASCII, isName)
            case 0x80...:
                isASCII = false
                index = try Self.sequence(text, index)
            default:
                throw ParseFailure(index, .controlCharacter)
            }
        }
    }

    /// The rest of a string from its first backslash, copied without escapes.
    private mutating func escapedString(
        _ text: Span<UInt8>, _ start: Int, _ backslash: Int, _ prefixIsASCII: Bool, _ isName: Bool
    ) throws(ParseFailure) -> UInt16 {
        let first = unescaped.count
        var isASCII = prefixIsASCII
        for index in start..<backslash { unescaped.append(text[index]) }
        var index = backslash
        while index < text.count {
            let byte = text[index]
            if byte == UInt8(ascii: "\"") {
                let length = unescaped.count - first
                let mark = isName ? contentMark(unescaped.span, first, length) : 0
                add(.string, start: text.count + first, length: length, flags: isASCII ? .isASCII : [], mark: mark)
                position = index + 1
                return mark
            } else if byte == UInt8(ascii: "\\") {
                let scalar = try Self.escape(text, &index)
                if scalar.value >= 0x80 { isASCII = false }
                unescaped.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            } else if byte >= 0x80 {
                isASCII = false
                let end = try Self.sequence(text, index)
                for position in index..<end { unescaped.append(text[position]) }
                index = end
            } else if byte < 0x20 {
                throw ParseFailure(index, .controlCharacter)
            } else {
                unescaped.append(byte)
                index += 1
            }
        }
        throw ParseFailure(text.count, .unexpectedEnd)
    }

    package static func escape(_ text: Span<UInt8>, _ index: inout Int) throws(ParseFailure) -> Unicode.Scalar {
        let start = index
        guard start + 1 < text.count else { throw ParseFailure(text.count, .unexpectedEnd) }
        index += 2
        switch text[start + 1] {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): break
        default: throw ParseFailure(start, .escape)
        }
        let unit = try hexadecimal(text, &index)
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard unit < 0xDC00, index + 1 < text.count, text[index] == UInt8(ascii: "\\"),
            text[index + 1] == UInt8(ascii: "u")
        else { throw ParseFailure(start, .surrogate) }
        index += 2
        let low = try hexadecimal(text, &index)
        guard low &- 0xDC00 < 0x400, let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
        else { throw ParseFailure(start, .surrogate) }
        return scalar
    }

    private static func hexadecimal(_ text: Span<UInt8>, _ index: inout Int) throws(ParseFailure) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard index < text.count else { throw ParseFailure(index, .unexpectedEnd) }
            guard let digit = hexadecimalDigit(text[index]) else { throw ParseFailure(index, .hexadecimal) }
            unit = unit << 4 | UInt32(digit)
            index += 1
        }
        return unit
    }

    /// The end of the multi-byte sequence at `index`, after RFC 3629 section 4: no overlong forms, no surrogates.
    package static func sequence(_ text: Span<UInt8>, _ index: Int) throws(ParseFailure) -> Int {
        let lead = text[index]
        let extra: Int
        var range: ClosedRange<UInt8> = 0x80...0xBF
        switch lead {
        case 0xC2...0xDF: extra = 1
        case 0xE0: (extra, range) = (2, 0xA0...0xBF)
        case 0xED: (extra, range) = (2, 0x80...0x9F)
        case 0xE1...0xEF: extra = 2
        case 0xF0: (extra, range) = (3, 0x90...0xBF)
        case 0xF1...0xF3: extra = 3
        case 0xF4: (extra, range) = (3, 0x80...0x8F)
        default: throw ParseFailure(index, .encoding)
        }
        for offset in 1...extra {
            guard index + offset < text.count else { throw ParseFailure(text.count, .unexpectedEnd) }
            guard range.contains(text[index + offset]) else { throw ParseFailure(index, .encoding) }
            range = 0x80...0xBF
        }
        return index + extra + 1
    }
}
