// What the standard library leaves out about text.

extension String {
    /// Code points, not characters: Swift's `==` takes "é" in its two spellings for the same, an identifier's
    /// comparison must not (RFC 7519 section 2, StringOrURI).
    public func isSame(as other: String) -> Bool {
        let (left, right) = (utf8.span, other.utf8.span)
        guard left.count == right.count else { return false }
        for index in left.indices where left[index] != right[index] { return false }
        return true
    }

    /// The text before a slash that ends it; `nil` where there is none, or two, or nothing else.
    public var withoutTrailingSlash: String? {
        let bytes = utf8.span
        let slash = UInt8(ascii: "/")
        guard bytes.count > 1, bytes[bytes.count &- 1] == slash, bytes[bytes.count &- 2] != slash else { return nil }
        return String(self[..<utf8.index(before: utf8.endIndex)])
    }
}

extension StringProtocol {
    /// Without white space at either end.
    public var trimmed: String {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}

extension [String] {
    /// Each element once, where it stands first.
    public func uniqued() -> [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}
