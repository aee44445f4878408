// Sizes as operators write and read them.

/// So many bytes.
public struct ByteCount: Sendable, Equatable {
    public let bytes: Int

    public init(_ bytes: Int) {
        self.bytes = bytes
    }

    private static let units = [
        ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10),
        ("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1000),
    ]

    /// A whole number with a unit of 1024 (`KiB` to `TiB`) or of 1000 (`kB` to `TB`); a bare one counts bytes.
    public init?(parsing text: String) {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let count = Int(digits) else { return nil }
        let rest = text.dropFirst(digits.count)
        let unit = rest.isEmpty ? 1 : Self.units.first { $0.0 == rest }?.1
        guard let unit else { return nil }
        let (bytes, overflows) = count.multipliedReportingOverflow(by: unit)
        guard !overflows else { return nil }
        self.bytes = bytes
    }

    /// What a size is, for whoever wrote something else.
    public static let form =
        "a size is a whole number of bytes, or one with a unit: KiB, MiB, GiB or TiB (powers of 1024), kB, MB, GB or TB "
        + "(powers of 1000)"

    /// What was most likely meant by a size whose unit is none: `64MiB` by `64M`, `64MB` by `64mb`.
    ///
    /// - Returns: `nil` where it is a size, and where nobody can tell.
    public static func guess(_ text: String) -> String? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let unit = text.dropFirst(digits.count).filter { $0 != " " }.lowercased()
        guard ByteCount(parsing: text) == nil, let letter = unit.first else { return nil }
        let isThousands = unit.dropFirst() == "b"
        guard "kmgt".contains(letter), isThousands || ["", "i", "ib"].contains(unit.dropFirst()) else { return nil }
        let prefix = isThousands && letter == "k" ? "k" : letter.uppercased()
        let guess = "\(digits)\(prefix)\(isThousands ? "B" : "iB")"
        return ByteCount(parsing: guess) == nil ? nil : guess
    }

    /// As an operator would write it, exactly.
    public var text: String {
        let unit = Self.units.first { $0.0.hasSuffix("iB") && bytes >= $0.1 && bytes.isMultiple(of: $0.1) }
        return unit.map { "\(bytes / $0.1)\($0.0)" } ?? "\(bytes)"
    }

    /// Of something that was measured, in whole MiB.
    public var rounded: String { "\((bytes >> 20) + (bytes & (1 << 20 - 1) == 0 ? 0 : 1))MiB" }

    /// The same to a tenth, the nearest below.
    public var tenths: String {
        let tenths = (bytes >> 20) * 10 + ((bytes & (1 << 20 - 1)) * 10) >> 20
        return "\(tenths / 10).\(tenths % 10)MiB"
    }
}
