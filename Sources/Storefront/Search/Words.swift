// Turns text into words that can be compared: without case, without accents, singular beside plural.

enum Words {
    /// The words of a text, lower-case and without diacritics: `Crème Fraîche, 8 oz` gives creme, fraiche, 8, oz.
    /// An apostrophe joins: `shepherd's` is shepherds.
    static func split(_ text: String) -> [String] {
        var words: [String] = []
        guard text.utf8.contains(where: { $0 > 0x7F }) else {
            split(ascii: text) { words.append($0) }
            return words
        }
        var word = ""
        for scalar in text.unicodeScalars {
            if append(scalar, to: &word) { continue }
            if !word.isEmpty { words.append(word) }
            word = ""
        }
        if !word.isEmpty { words.append(word) }
        return words
    }

    /// The common case, some ten times as fast.
    private static func split(ascii text: String, each: (String) -> Void) {
        var word: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x61...0x7A: word.append(byte)
            case 0x41...0x5A: word.append(byte + 0x20)
            case 0x27: break
            default:
                if !word.isEmpty { each(String(decoding: word, as: UTF8.self)) }
                word.removeAll(keepingCapacity: true)
            }
        }
        if !word.isEmpty { each(String(decoding: word, as: UTF8.self)) }
    }

    /// The singular of an English noun, or the word itself. It need not be a word of the language: both sides of a
    /// comparison go through it, so it only has to bring forms of one word together and keep others apart.
    static func singular(of word: String) -> String {
        // Most words of a query are neither plural nor in "ie", and are done here.
        guard let last = word.utf8.last, last == UInt8(ascii: "s") || last == UInt8(ascii: "e"), word.utf8.count > 3
        else { return word }
        if let irregular = irregular[word] { return irregular }
        if word.hasSuffix("ies") { return word.utf8.count == 4 ? String(word.dropLast()) : word.dropLast(3) + "y" }
        if word.hasSuffix("ie") { return word.dropLast(2) + "y" }
        if plurals.contains(where: word.hasSuffix) { return String(word.dropLast(2)) }
        if singulars.contains(where: word.hasSuffix) { return word }
        return last == UInt8(ascii: "s") ? String(word.dropLast()) : word
    }

    /// Endings that lose "es".
    private static let plurals = ["ches", "shes", "sses", "xes", "zes", "oes"]
    /// Endings whose "s" stays: glass, hummus, pastis.
    private static let singulars = ["ss", "us", "is"]
    private static let irregular = [
        "halves": "half", "knives": "knife", "leaves": "leaf", "loaves": "loaf",
    ]

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
