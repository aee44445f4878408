// Several texts one behind the other, as they lie in a block of an arena: each with its length in front.

/// Texts in a row. A length is 4 bytes, the lowest first.
public enum TextFrame {
    /// Bytes that they take.
    public static func size(of texts: [[UInt8]]) -> Int { texts.reduce(0) { $0 + 4 + $1.count } }

    public static func bytes(_ texts: [[UInt8]]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size(of: texts))
        for text in texts {
            for shift in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: text.count >> shift)) }
            bytes += text
        }
        return bytes
    }

    /// What ``bytes(_:)`` made.
    ///
    /// - Returns: `nil` for anything else.
    public static func texts(_ bytes: [UInt8]) -> [[UInt8]]? {
        var texts: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            guard rest.count >= 4 else { return nil }
            let count = rest.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(4)
            guard count <= rest.count else { return nil }
            texts.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        return texts
    }

    /// The same as strings.
    ///
    /// - Returns: `nil` for anything else, and where one of them is not UTF-8.
    static func strings(_ bytes: [UInt8]) -> [String]? {
        guard let texts = texts(bytes) else { return nil }
        let strings = texts.compactMap { String(validating: $0, as: UTF8.self) }
        return strings.count == texts.count ? strings : nil
    }

    /// Names and values in turn.
    ///
    /// - Returns: `nil` where a value is missing.
    static func pairs(_ texts: ArraySlice<String>) -> [(name: String, value: String)]? {
        guard texts.count % 2 == 0 else { return nil }
        return stride(from: texts.startIndex, to: texts.endIndex, by: 2).map { (texts[$0], texts[$0 + 1]) }
    }
}
