// Turns text into words that can be compared: without case, without accents, singular beside plural.

enum Words {
    /// The words of a text, lower-case and without diacritics: `Crème Fraîche, 8 oz` gives creme, fraiche, 8, oz.
    /// An apostrophe joins: `shepherd's` is shepherds.
    static func split(_ text: String) -> [String] {
        let list = WordList(text)
        return list.words.map(list.string)
    }

    /// Hands out the words of a text one after the other, read scalar by scalar. ``WordList`` knows a faster way for
    /// ASCII.
    static func split(_ text: String, each: (String) -> Void) {
        var word = ""
        for scalar in text.unicodeScalars {
            if append(scalar, to: &word) { continue }
            if !word.isEmpty { each(word) }
            word = ""
        }
        if !word.isEmpty { each(word) }
    }

    /// The singular of an English noun, or the word itself. It need not be a word of the language: both sides of a
    /// comparison go through it, so it only has to bring forms of one word together and keep others apart.
    static func singular(of word: String) -> String {
        guard let (kept, ending) = stem(of: word.utf8.span) else { return word }
        return String(decoding: word.utf8.prefix(kept), as: UTF8.self) + ending
    }

    /// How many bytes of a plural its singular keeps, and what it ends in behind them. `nil`: the word is its own
    /// singular.
    static func stem(of word: Span<UInt8>) -> (kept: Int, ending: String)? {
        let count = word.count
        guard count > 3 else { return nil }
        func letter(_ back: Int) -> Unicode.Scalar { Unicode.Scalar(word[count - back]) }
        switch (letter(3), letter(2), letter(1)) {
        case ("v", "e", "s"):
            if let (_, kept, ending) = irregular.first(where: { isSame(word, $0.word) }) { return (kept, ending) }
            return (count - 1, "")
        case ("i", "e", "s"): return count == 4 ? (count - 1, "") : (count - 3, "y")
        case (_, "i", "e"): return (count - 2, "y")
        case ("x", "e", "s"), ("z", "e", "s"), ("o", "e", "s"): return (count - 2, "")
        case ("h", "e", "s"): return (letter(4) == "c" || letter(4) == "s" ? count - 2 : count - 1, "")
        case ("s", "e", "s"): return (letter(4) == "s" ? count - 2 : count - 1, "")
        // Glass, hummus, pastis.
        case (_, "s", "s"), (_, "u", "s"), (_, "i", "s"): return nil
        case (_, _, "s"): return (count - 1, "")
        default: return nil
        }
    }

    private static let irregular: [(word: String, kept: Int, ending: String)] = [
        ("halves", 3, "f"), ("knives", 3, "fe"), ("leaves", 3, "f"), ("loaves", 3, "f"),
    ]

    private static func isSame(_ word: Span<UInt8>, _ other: String) -> Bool {
        let other = other.utf8.span
        return word.count == other.count && word.indices.allSatisfy { word[$0] == other[$0] }
    }

    /// Appends what a scalar contributes to a word.
    ///
    /// - Returns: `false` when words end there.
    private static func append(_ scalar: Unicode.Scalar, to word: inout String) -> Bool {
        switch scalar.value {
        case 0x30...0x39, 0x61...0x7A:
            word.unicodeScalars.append(scalar)
        case 0x41...0x5A:
            word.unicodeScalars.append(Unicode.Scalar(UInt8(scalar.value) + 0x20))
        case 0x27, 0x2019, 0x300...0x36F:
            break
        case 0..<0xC0, 0xD7, 0xF7:
            return false
        case 0xC0...0x17F:
            word += latin[Int(scalar.value) - 0xC0]
        default:
            guard scalar.properties.isAlphabetic || scalar.properties.numericType != nil else { return false }
            word += scalar.properties.lowercaseMapping
        }
        return true
    }

    /// U+00C0 to U+017F (Latin-1 Supplement and Latin Extended-A) without case and diacritics.
    private static let latin: [String] = {
        let letters =
            "a a a a a a ae c e e e e i i i i d n o o o o o x o u u u u y th ss "
            + "a a a a a a ae c e e e e i i i i d n o o o o o x o u u u u y th y "
            + "a a a a a a c c c c c c c c d d d d e e e e e e e e e e g g g g g g g g h h h h "
            + "i i i i i i i i i i ij ij j j k k k l l l l l l l l l l n n n n n n n n n o o o o o o oe oe "
            + "r r r r r r s s s s s s s s t t t t t t u u u u u u u u u u u u w w y y y z z z z z z s"
        return letters.split(separator: " ").map(String.init)
    }()
}
