// Numbers: the grammar of RFC 8259 section 6, kept as text so that nothing is lost.

extension TapeParser {
    mutating func number(_ text: Span<UInt8>) throws(ParseFailure) {
        let start = position
        var isPlainInteger = true
        if peek(text) == UInt8(ascii: "-") { position += 1 }
        if peek(text) == UInt8(ascii: "0") {
            position += 1
            if isDigit(peek(text)) { throw ParseFailure(position, .leadingZero) }
        } else {
            try digits(text)
        }
        if peek(text) == UInt8(ascii: ".") {
            isPlainInteger = false
            position += 1
            try digits(text)
        }
        if peek(text) | 0x20 == UInt8(ascii: "e") {
            isPlainInteger = false
            position += 1
            if peek(text) == UInt8(ascii: "+") || peek(text) == UInt8(ascii: "-") { position += 1 }
            let exponent = position
            try digits(text)
            try checkExponent(text, exponent)
        }
        add(.number, start: start, length: position - start, flags: isPlainInteger ? .isPlainInteger : [], mark: 0)
    }

    private mutating func digits(_ text: Span<UInt8>) throws(ParseFailure) {
        guard isDigit(peek(text)) else { throw failure(text, .digit) }
        var index = position + 1
        while index < text.count, isDigit(text[index]) { index += 1 }
        position = index
    }

    /// Exponents stay exact in machine integers; a longer one is no quantity anybody measures.
    private func checkExponent(_ text: Span<UInt8>, _ start: Int) throws(ParseFailure) {
        var index = start
        while index < position, text[index] == UInt8(ascii: "0") { index += 1 }
        if position - index > 9 { throw ParseFailure(index, .exponent) }
    }
}

@inlinable
@inline(__always)
@_spi(Text) public func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
