// Writes whole numbers as decimal digits straight into bytes.

enum DecimalText {
    /// The most bytes of an `Int64`: a sign and 19 digits. A point, and zeros before it, come on top.
    static let longest = 20

    /// The digits of a number from 0 to 9,999, the first one lowest, and how many they are; `nil` for any other number.
    @inline(__always)
    static func word(_ value: Int64) -> (digits: UInt64, count: Int)? {
        guard let number = UInt32(exactly: value), number < 10_000 else { return nil }
        let digits = fourDigits(number)
        // Zeros in front go; the last digit stays whatever it is.
        let zeros = (digits | 1 << 24).trailingZeroBitCount & 0x18
        return (UInt64((digits | 0x3030_3030) &>> UInt32(zeros)), 4 &- zeros / 8)
    }

    /// A number from 0 to 9,999 with a point before its last two digits (5 is `0.05`): its bytes, the first one lowest,
    /// and how many they are; `nil` for any other number.
    @inline(__always)
    static func hundredths(_ value: UInt64) -> (digits: UInt64, count: Int)? {
        guard value < 10_000 else { return nil }
        let digits = UInt64(fourDigits(UInt32(value)) | 0x3030_3030)
        let word = digits & 0xFFFF | UInt64(UInt8(ascii: ".")) << 16 | (digits >> 16) << 24
        return value < 1000 ? (word >> 8, 4) : (word, 5)
    }

    /// The digits of a number below 10,000, zeros in front included, a byte each, the first one lowest.
    @inline(__always)
    private static func fourDigits(_ number: UInt32) -> UInt32 {
        // Two numbers of two digits side by side.
        let pairs = number / 100 | (number % 100) << 16
        let tens = (pairs &* 103) &>> 10 & 0x000F_000F
        return tens | (pairs &- tens &* 10) << 8
    }

    /// Writes a number with as many digits behind the point as `decimals` says: 1234 with 3 is 1.234.
    ///
    /// - Returns: where it ends.
    static func write(_ value: Int64, decimals: Int, to output: inout MutableSpan<UInt8>, at start: Int) -> Int {
        var first = start
        if value < 0 {
            output[first] = UInt8(ascii: "-")
            first &+= 1
        }
        return write(value.magnitude, decimals: decimals, to: &output, at: first)
    }

    /// Writes a number without a sign, with as many digits behind the point as `decimals` says: 1234 with 3 is 1.234.
    ///
    /// - Returns: where it ends.
    static func write(_ value: UInt64, decimals: Int, to output: inout MutableSpan<UInt8>, at first: Int) -> Int {
        // Digits, at least one before the point.
        var digits = 1
        var rest = value / 10
        while rest > 0 || digits <= decimals {
            rest /= 10
            digits &+= 1
        }
        let end = first &+ digits &+ (decimals > 0 ? 1 : 0)
        let point = decimals > 0 ? end &- decimals &- 1 : -1
        rest = value
        var index = end
        while index > first {
            index &-= 1
            if index == point {
                output[index] = UInt8(ascii: ".")
            } else {
                output[index] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            }
        }
        return end
    }
}
