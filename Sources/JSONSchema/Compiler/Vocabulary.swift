// Which groups of keywords a dialect uses (core section 8.1).

package struct Vocabulary: OptionSet, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    static let applicator = Vocabulary(rawValue: 1)
    static let unevaluated = Vocabulary(rawValue: 2)
    static let validation = Vocabulary(rawValue: 4)
    static let formatAssertion = Vocabulary(rawValue: 8)
    /// Core, annotations and content: known, but nothing is checked for them.
    static let silent = Vocabulary(rawValue: 16)

    static let standard: Vocabulary = [.applicator, .unevaluated, .validation, .silent]

    static let dialect = "https://json-schema.org/draft/2020-12/schema"

    private static let known: [String: Vocabulary] = [
        "core": .silent, "applicator": .applicator, "unevaluated": .unevaluated, "validation": .validation,
        "meta-data": .silent, "format-annotation": .silent, "format-assertion": .formatAssertion, "content": .silent,
    ]

    /// The vocabulary with this URI, when it is one of 2020-12's.
    static func named(_ uri: String) -> Vocabulary? {
        let prefix = "https://json-schema.org/draft/2020-12/vocab/"
        guard uri.hasPrefix(prefix) else { return nil }
        return known[String(uri.dropFirst(prefix.count))]
    }
}
