// Recognises card numbers, so that none is ever stored, logged or echoed.

import ToolSDK

package enum CardNumber {
    /// - Throws: ``ToolError`` of kind `invalid` when a text contains a card number, which is not repeated.
    package static func refuse(in texts: String?...) throws(ToolError) {
        for case let text? in texts where isContained(in: text) {
            throw .invalid(
                "This contains a card number. Card numbers are never accepted here: send the type alone, or the "
                    + "reference that the payment provider gave.")
        }
    }

    /// Whether 12 to 19 digits in a row pass the check of ISO/IEC 7812-1 (Luhn's), wherever they stand, in any script,
    /// and whatever separates them, letters apart. A reference made of that many digits may be refused by chance; that is
    /// the side to err on.
    static func isContained(in text: String) -> Bool {
        var digits: [Int] = []
        for scalar in text.unicodeScalars {
            let properties = scalar.properties
            if properties.numericType == .decimal, let value = properties.numericValue {
                digits.append(Int(value))
                if (12...19).contains(where: { passes(digits.suffix($0), length: $0) }) { return true }
            } else if properties.isAlphabetic {
                digits = []
            }
        }
        return false
    }

    private static func passes(_ digits: ArraySlice<Int>, length: Int) -> Bool {
        guard digits.count == length else { return false }
        let sum = digits.reversed().enumerated().reduce(0) { sum, element in
            let doubled = element.element * 2
            return sum + (element.offset.isMultiple(of: 2) ? element.element : doubled > 9 ? doubled - 9 : doubled)
        }
        return sum.isMultiple(of: 10)
    }
}
