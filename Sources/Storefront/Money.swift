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

    /// Reads a plain decimal such as `3`, `3.5` or `3.49`. Anything that is not exact to the cent, negative, or over ten
    /// digits before the point is `nil`.
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
        let (dollars, cents) = minorUnits.magnitude.quotientAndRemainder(dividingBy: 100)
        return "\(minorUnits < 0 ? "-" : "")$\(dollars).\(cents < 10 ? "0" : "")\(cents)"
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
