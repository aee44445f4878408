// Names that nobody can guess and people can read out.

enum RandomID {
    /// Crockford's alphabet: no I, L, O or U, so nothing is taken for something else.
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")

    /// `PREFIX-XXXX-XXXX-XXXX`: 60 bits from the system's generator.
    static func make(_ prefix: String) -> String {
        var generator = SystemRandomNumberGenerator()
        let groups = (0..<3).map { _ in
            String((0..<4).map { _ in alphabet[Int.random(in: alphabet.indices, using: &generator)] })
        }
        return prefix + "-" + groups.joined(separator: "-")
    }
}
