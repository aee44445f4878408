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

    /// Digits of a card number (ISO/IEC 7812-1).
    private static let lengths = 12...19
    /// The longest run of digits in which one is looked for; whatever is longer is none by itself, nor does it hold
    /// one.
    private static let longestRun = 40

    /// Whether a card number stands in a text, in digits of any script, and whatever separates them, letters apart.
    ///
    /// What counts is 12 to 19 digits that pass the check of ISO/IEC 7812-1 (Luhn's), do not begin with 0, which no
    /// payment card does, and are not all the same: anywhere in a run of digits, or made of whole runs. A reference
    /// made of that many digits may be refused by chance; that is the side to err on.
    static func isContained(in text: String) -> Bool {
        var runs: [[Int]] = []
        var isInRun = false
        for scalar in text.unicodeScalars {
            let properties = scalar.properties
            // Numbers that are written as one character, where they stand for a digit.
            if let value = properties.numericValue, let digit = Int(exactly: value), (0...9).contains(digit) {
                if isInRun { runs[runs.count - 1].append(digit) } else { runs.append([digit]) }
                isInRun = true
                continue
            }
            isInRun = false
            guard properties.isAlphabetic else { continue }
            if isContained(in: runs) { return true }
            runs = []
        }
        return isContained(in: runs)
    }

    /// - Parameter runs: Digits between which there are no letters.
    private static func isContained(in runs: [[Int]]) -> Bool {
        for (start, run) in runs.enumerated() where run.count <= longestRun {
            for length in lengths where length <= run.count {
                for first in 0...(run.count - length) where passes(run[first..<(first + length)]) { return true }
            }
            var digits = run
            for next in runs[(start + 1)...] {
                digits += next
                guard digits.count <= lengths.upperBound else { break }
                if passes(digits[...]) { return true }
            }
        }
        return false
    }

    private static func passes(_ digits: ArraySlice<Int>) -> Bool {
        guard lengths.contains(digits.count), let first = digits.first, first != 0,
            digits.contains(where: { $0 != first })
        else { return false }
        let sum = digits.reversed().enumerated().reduce(0) { sum, element in
            let doubled = element.element * 2
            return sum + (element.offset.isMultiple(of: 2) ? element.element : doubled > 9 ? doubled - 9 : doubled)
        }
        return sum.isMultiple(of: 10)
    }
}
