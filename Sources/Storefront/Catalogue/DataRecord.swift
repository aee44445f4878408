// One line of a data file: takes its members out one by one and says what is wrong with them.

import JSON
import ToolSDK

struct DataRecord {
    private let file: String
    private let line: Int
    private let object: JSONObject
    private var taken: Set<String> = []

    init(_ bytes: [UInt8], file: String, line: Int) throws(DataFileError) {
        self.file = file
        self.line = line
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes)
        } catch {
            throw DataFileError(
                file: file, line: line, field: nil, reason: "not JSON at column \(error.column): \(error.reason)")
        }
        guard let object = value.object else {
            throw DataFileError(file: file, line: line, field: nil, reason: "must be a JSON object")
        }
        self.object = object
    }

    /// - Throws: when the line has a member that nobody took: most likely a misspelt name.
    func finish() throws(DataFileError) {
        for key in object.keys where !taken.contains(key) { throw error(key, "is not known here") }
    }

    mutating func text(_ field: String, upTo limit: Int) throws(DataFileError) -> String {
        guard let text = try required(field).string, !text.isEmpty, text.unicodeScalars.count <= limit else {
            throw error(field, "must be text of 1 to \(limit) characters")
        }
        return text
    }

    mutating func code(_ field: String) throws(DataFileError) -> String {
        guard let text = try required(field).string, Self.isCode(text) else {
            throw error(field, "must be 1 to 64 of a-z, 0-9 and \"-\", and begin with a letter or digit")
        }
        return text
    }

    mutating func integer(_ field: String, in range: ClosedRange<Int>) throws(DataFileError) -> Int {
        guard let wide = try required(field).int64, let integer = Int(exactly: wide), range.contains(integer) else {
            throw error(field, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return integer
    }

    mutating func money(_ field: String) throws(DataFileError) -> Money {
        guard case .number(let number) = try required(field), let money = Money(decimal: number.lexeme),
            money.minorUnits <= 100_000_000
        else {
            throw error(field, "must be a number from 0 to 1000000 with at most two decimals, such as 3.49")
        }
        return money
    }

    mutating func day(_ field: String) throws(DataFileError) -> String? {
        guard let value = optional(field) else { return nil }
        guard let text = value.string, CalendarDay(text) != nil else {
            throw error(field, "must be a day such as \"2026-03-31\"")
        }
        return text
    }

    mutating func target() throws(DataFileError) -> Deal.Target {
        switch (optional("product") != nil, optional("category") != nil) {
        case (true, false): return .product(code: try code("product"))
        case (false, true): return .category(try code("category"))
        default: throw error("product", "a deal has either \"product\" or \"category\"")
        }
    }

    mutating func terms() throws(DataFileError) -> Deal.Terms {
        switch (optional("percentOff") != nil, optional("amountOff") != nil, optional("buy") != nil) {
        case (true, false, false): return .percentOff(try integer("percentOff", in: 1...100))
        case (false, true, false): return .amountOff(try money("amountOff"))
        case (false, false, true):
            return .buy(try integer("buy", in: 1...99), free: try integer("getFree", in: 1...99))
        default:
            throw error("percentOff", "a deal has one of \"percentOff\", \"amountOff\", and \"buy\" with \"getFree\"")
        }
    }

    private mutating func optional(_ field: String) -> JSONValue? {
        guard let value = object[field] else { return nil }
        taken.insert(field)
        return value
    }

    private mutating func required(_ field: String) throws(DataFileError) -> JSONValue {
        guard let value = optional(field) else { throw error(field, "is missing") }
        return value
    }

    private func error(_ field: String, _ reason: String) -> DataFileError {
        DataFileError(file: file, line: line, field: field, reason: reason)
    }

    private static func isCode(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count) && text.utf8.first != UInt8(ascii: "-")
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
