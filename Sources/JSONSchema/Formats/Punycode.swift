// Punycode (RFC 3492), in which domain names write what is not ASCII.

@_spi(Text) import JSON

enum Punycode {
    private static let (base, tMin, tMax, skew, damp) = (36, 1, 26, 38, 700)
    private static let initialBias = 72
    private static let initialScalar = 128

    /// What stands behind `xn--`, in lower case; `nil` where that is no Punycode (section 6.2).
    static func decode(_ text: ArraySlice<UInt8>) -> [UInt32]? {
        var output: [UInt32] = []
        var rest = text
        if let hyphen = text.lastIndex(of: UInt8(ascii: "-")) {
            output = text[..<hyphen].map(UInt32.init)
            rest = text[(hyphen + 1)...]
        }
        guard output.allSatisfy({ $0 < 0x80 }) else { return nil }
        var (n, i, bias) = (initialScalar, 0, initialBias)
        while !rest.isEmpty {
            let before = i
            var weight = 1
            var k = base
            while true {
                guard let digit = rest.popFirst().flatMap(value) else { return nil }
                // No label is long enough for a number that matters to exceed this.
                i += digit * weight
                guard i < 1 << 40 else { return nil }
                let threshold = threshold(k, bias)
                if digit < threshold { break }
                weight *= base - threshold
                guard weight < 1 << 40 else { return nil }
                k += base
            }
            let count = output.count + 1
            bias = adapted(i - before, count, isFirst: before == 0)
            n += i / count
            i %= count
            guard n <= 0x10FFFF, Unicode.Scalar(UInt32(n)) != nil else { return nil }
            output.insert(UInt32(n), at: i)
            i += 1
        }
        return output
    }

    /// What has to stand behind `xn--` for these scalars (section 6.3).
    static func encode(_ scalars: [UInt32]) -> [UInt8] {
        var output = scalars.filter { $0 < 0x80 }.map { UInt8($0) }
        let basic = output.count
        if basic > 0 { output.append(UInt8(ascii: "-")) }
        var (n, delta, bias, handled) = (UInt32(initialScalar), 0, initialBias, basic)
        while handled < scalars.count {
            guard let next = scalars.filter({ $0 >= n }).min() else { break }
            delta += Int(next - n) * (handled + 1)
            n = next
            for scalar in scalars {
                if scalar < n { delta += 1 }
                guard scalar == n else { continue }
                var (q, k) = (delta, base)
                while true {
                    let threshold = threshold(k, bias)
                    if q < threshold { break }
                    output.append(digit(threshold + (q - threshold) % (base - threshold)))
                    q = (q - threshold) / (base - threshold)
                    k += base
                }
                output.append(digit(q))
                bias = adapted(delta, handled + 1, isFirst: handled == basic)
                delta = 0
                handled += 1
            }
            delta += 1
            n += 1
        }
        return output
    }

    private static func threshold(_ k: Int, _ bias: Int) -> Int { min(max(k - bias, tMin), tMax) }

    /// Section 6.1.
    private static func adapted(_ delta: Int, _ count: Int, isFirst: Bool) -> Int {
        var delta = isFirst ? delta / damp : delta / 2
        delta += delta / count
        var k = 0
        while delta > (base - tMin) * tMax / 2 {
            delta /= base - tMin
            k += base
        }
        return k + (base - tMin + 1) * delta / (delta + skew)
    }

    private static func value(_ byte: UInt8) -> Int? {
        if isDigit(byte) { return Int(byte - 0x30) + 26 }
        let letter = (byte | 0x20) &- 0x61
        return letter < 26 ? Int(letter) : nil
    }

    private static func digit(_ value: Int) -> UInt8 { UInt8(value < 26 ? value + 0x61 : value - 26 + 0x30) }
}
