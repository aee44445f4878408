// Amounts of money, exact to the cent, and the one place that rounds.

/// An amount in US dollars, held as whole cents so that no sum ever drifts.
package struct Money: Sendable, Hashable, Comparable {
    /// ISO 4217.
    package static let currency = "USD"
    package static let zero = Money(minorUnits: 0)

    /// Cents.
    package var minorUnits: Int

    package init(minorUnits: Int) {
        self.minorUnits = minorUnits
    }

    /// Reads a plain decimal such as `3`, `3.5` or `3.49`. Anything that is not exact to the cent, negative, or over
    /// ten digits before the point is `nil`.
    package init?(decimal: some StringProtocol) {
        let parts = decimal.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), (1...10).contains(parts[0].utf8.count),
            parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let whole = Int(parts[0])
        else { return nil }
        var cents = 0
        if parts.count == 2 {
            guard parts[1].utf8.count <= 2, let fraction = Int(parts[1]) else { return nil }
            cents = parts[1].utf8.count == 1 ? fraction * 10 : fraction
        }
        self.init(minorUnits: whole * 100 + cents)
    }

    /// What people read: `$12.50`.
    package var text: String {
        // By hand, from the last digit on: an answer holds many prices, and putting strings together takes long.
        var characters = InlineArray<24, UInt8>(repeating: 0)
        var start = characters.count
        func put(_ character: UInt8) {
            start -= 1
            characters[start] = character
        }
        var rest = minorUnits.magnitude
        for place in 0... {
            if place == 2 { put(UInt8(ascii: ".")) }
            if place > 2, rest == 0 { break }
            put(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        }
        put(UInt8(ascii: "$"))
        if minorUnits < 0 { put(UInt8(ascii: "-")) }
        guard let text = try? UTF8Span(validating: characters.span.extracting(start..<characters.count)) else {
            return ""
        }
        return String(copying: text)
    }

    /// A share of a non-negative amount. Half a cent rounds up: 5 % of $0.50 is $0.03.
    package func percent(_ percent: Int) -> Money {
        Money(minorUnits: (minorUnits * percent + 50) / 100)
    }

    package static func < (left: Money, right: Money) -> Bool { left.minorUnits < right.minorUnits }

    package static func + (left: Money, right: Money) -> Money {
        Money(minorUnits: left.minorUnits + right.minorUnits)
    }

    package static func - (left: Money, right: Money) -> Money {
        Money(minorUnits: left.minorUnits - right.minorUnits)
    }

    package static func * (left: Money, count: Int) -> Money {
        Money(minorUnits: left.minorUnits * count)
    }
}
