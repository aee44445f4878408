// Exact decimal arithmetic on the text of JSON numbers: no conversion, no rounding, no allocation.

/// Where the significant digits of a number's text are. Valid JSON number text only.
package struct DecimalShape: BitwiseCopyable {
    package var isNegative = false
    /// Offsets of the first and the last digit that is not an outer zero.
    var first = 0
    var last = -1
    /// Significant digits; none means zero.
    package var count = 0
    /// The power of ten of the last significant digit.
    package var exponent = 0

    package var isZero: Bool { count == 0 }
    package var isInteger: Bool { count == 0 || exponent >= 0 }

    package init(_ text: Span<UInt8>, _ start: Int, _ length: Int) {
        let end = start + length
        var index = start
        if index < end, text[index] == UInt8(ascii: "-") {
            isNegative = true
            index += 1
        }
        var fractionDigits = 0
        var isFraction = false
        var digitsSinceFirst = 0
        var trailing = 0
        while index < end {
            let byte = text[index]
            if byte == UInt8(ascii: ".") {
                isFraction = true
            } else if isDigit(byte) {
                if isFraction { fractionDigits += 1 }
                if byte != UInt8(ascii: "0") {
                    if digitsSinceFirst == 0 { first = index }
                    last = index
                    digitsSinceFirst += 1
                    trailing = 0
                } else if digitsSinceFirst > 0 {
                    digitsSinceFirst += 1
                    trailing += 1
                }
            } else {
                break
            }
            index += 1
        }
        guard digitsSinceFirst > 0 else {
            isNegative = false
            return
        }
        count = digitsSinceFirst - trailing
        exponent = trailing - fractionDigits + Self.writtenExponent(text, index, end)
    }

    private static func writtenExponent(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        var index = start + 1
        guard index < end else { return 0 }
        let isNegative = text[index] == UInt8(ascii: "-")
        if isNegative || text[index] == UInt8(ascii: "+") { index += 1 }
        var value = 0
        while index < end {
            // The parser allows nine digits behind leading zeros.
            value = value &* 10 &+ Int(text[index] & 15)
            index += 1
        }
        return isNegative ? -value : value
    }

    /// Negative, zero or positive as the first number is less than, equal to or greater than the second.
    package static func compare(_ a: DecimalShape, _ aText: Span<UInt8>, _ b: DecimalShape, _ bText: Span<UInt8>) -> Int
    {
        if a.isZero || b.isZero || a.isNegative != b.isNegative { return a.sign - b.sign }
        let magnitude = compareMagnitudes(a, aText, b, bText)
        return a.isNegative ? -magnitude : magnitude
    }

    private var sign: Int { isZero ? 0 : isNegative ? -1 : 1 }

    private static func compareMagnitudes(
        _ a: DecimalShape, _ aText: Span<UInt8>, _ b: DecimalShape, _ bText: Span<UInt8>
    ) -> Int {
        let difference = (a.exponent + a.count) - (b.exponent + b.count)
        if difference != 0 { return difference }
        var left = a.first
        var right = b.first
        for _ in 0..<min(a.count, b.count) {
            if aText[left] == UInt8(ascii: ".") { left += 1 }
            if bText[right] == UInt8(ascii: ".") { right += 1 }
            let difference = Int(aText[left]) - Int(bText[right])
            if difference != 0 { return difference }
            left += 1
            right += 1
        }
        return a.count - b.count
    }

    /// The value, when it is a whole number in the range of `Int64`.
    func int64(_ text: Span<UInt8>) -> Int64? {
        if isZero { return 0 }
        guard exponent >= 0, exponent + count <= 19 else { return nil }
        // Accumulated below zero, where there is room for Int64.min.
        var value: Int64 = 0
        for index in first...last where text[index] != UInt8(ascii: ".") {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, borrow) = product.subtractingReportingOverflow(Int64(text[index] & 15))
            if overflow || borrow { return nil }
            value = sum
        }
        for _ in 0..<exponent {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            if overflow { return nil }
            value = product
        }
        if isNegative { return value }
        return value == .min ? nil : -value
    }

    /// The significant digits as one integer, when they fit.
    package func coefficient(_ text: Span<UInt8>) -> UInt64? {
        guard count > 0 else { return 0 }
        var value: UInt64 = 0
        for index in first...last where text[index] != UInt8(ascii: ".") {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(text[index] & 15))
            if overflow || carry { return nil }
            value = sum
        }
        return value
    }

    /// Whether the number is a whole multiple of `divisor` × 10^`power`. The divisor has no factor ten.
    package func isMultiple(ofCoefficient divisor: UInt64, power: Int, _ text: Span<UInt8>) -> Bool {
        if isZero { return true }
        // With an exponent below the divisor's the digits would have to end in a zero, and they never do.
        guard divisor > 0, exponent >= power else { return false }
        var remainder: UInt64 = 0
        for index in first...last where text[index] != UInt8(ascii: ".") {
            let (high, low) = remainder.multipliedFullWidth(by: 10)
            let (sum, carry) = low.addingReportingOverflow(UInt64(text[index] & 15))
            remainder = Self.remainder(high + (carry ? 1 : 0), sum, divisor)
        }
        var factor = 10 % divisor
        var rest = exponent - power
        while rest > 0, remainder != 0 {
            if rest & 1 == 1 { remainder = Self.product(remainder, factor, divisor) }
            factor = Self.product(factor, factor, divisor)
            rest >>= 1
        }
        return remainder == 0
    }

    private static func product(_ a: UInt64, _ b: UInt64, _ divisor: UInt64) -> UInt64 {
        let (high, low) = a.multipliedFullWidth(by: b)
        return remainder(high, low, divisor)
    }

    private static func remainder(_ high: UInt64, _ low: UInt64, _ divisor: UInt64) -> UInt64 {
        divisor.dividingFullWidth((high % divisor, low)).remainder
    }

    /// Equal numbers hash alike, however they are written.
    func hash(into hasher: inout Hasher, _ text: Span<UInt8>) {
        hasher.combine(isNegative)
        hasher.combine(exponent)
        guard count > 0 else { return }
        for index in first...last where text[index] != UInt8(ascii: ".") { hasher.combine(text[index]) }
    }
}
