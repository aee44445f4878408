// `\p{…}` in patterns: general categories and the binary properties that the standard library knows.

enum UnicodeProperty {
    /// The scalars with a property, named as in ECMA-262 (`L`, `Letter`, `gc=Lu`, `Alphabetic`, …); nil when unknown.
    static func set(named name: String) -> ScalarSet? {
        var value = Substring(name)
        for prefix in ["General_Category=", "gc="] where name.hasPrefix(prefix) {
            value = name.dropFirst(prefix.count)
            return categories(String(value)).map(scalars(in:))
        }
        if let categories = categories(name) { return scalars(in: categories) }
        switch name {
        case "Any": return .all
        case "ASCII": return ScalarSet([0...0x7F])
        case "Alphabetic", "Alpha": return scalars { $0.isAlphabetic }
        case "Lowercase", "Lower": return scalars { $0.isLowercase }
        case "Uppercase", "Upper": return scalars { $0.isUppercase }
        case "White_Space", "space": return scalars { $0.isWhitespace }
        case "Emoji": return scalars { $0.isEmoji }
        case "Emoji_Presentation", "EPres": return scalars { $0.isEmojiPresentation }
        case "ID_Start", "IDS": return scalars { $0.isIDStart }
        case "ID_Continue", "IDC": return scalars { $0.isIDContinue }
        case "XID_Start", "XIDS": return scalars { $0.isXIDStart }
        case "XID_Continue", "XIDC": return scalars { $0.isXIDContinue }
        case "Hex_Digit", "Hex": return scalars { $0.isHexDigit }
        case "ASCII_Hex_Digit", "AHex": return scalars { $0.isASCIIHexDigit }
        case "Ideographic", "Ideo": return scalars { $0.isIdeographic }
        case "Dash": return scalars { $0.isDash }
        case "Math": return scalars { $0.isMath }
        default: return nil
        }
    }

    private static let names: [(short: String, long: String, category: Unicode.GeneralCategory)] = [
        ("Lu", "Uppercase_Letter", .uppercaseLetter), ("Ll", "Lowercase_Letter", .lowercaseLetter),
        ("Lt", "Titlecase_Letter", .titlecaseLetter), ("Lm", "Modifier_Letter", .modifierLetter),
        ("Lo", "Other_Letter", .otherLetter), ("Mn", "Nonspacing_Mark", .nonspacingMark),
        ("Mc", "Spacing_Mark", .spacingMark), ("Me", "Enclosing_Mark", .enclosingMark),
        ("Nd", "Decimal_Number", .decimalNumber), ("Nl", "Letter_Number", .letterNumber),
        ("No", "Other_Number", .otherNumber), ("Pc", "Connector_Punctuation", .connectorPunctuation),
        ("Pd", "Dash_Punctuation", .dashPunctuation), ("Ps", "Open_Punctuation", .openPunctuation),
        ("Pe", "Close_Punctuation", .closePunctuation), ("Pi", "Initial_Punctuation", .initialPunctuation),
        ("Pf", "Final_Punctuation", .finalPunctuation), ("Po", "Other_Punctuation", .otherPunctuation),
        ("Sm", "Math_Symbol", .mathSymbol), ("Sc", "Currency_Symbol", .currencySymbol),
        ("Sk", "Modifier_Symbol", .modifierSymbol), ("So", "Other_Symbol", .otherSymbol),
        ("Zs", "Space_Separator", .spaceSeparator), ("Zl", "Line_Separator", .lineSeparator),
        ("Zp", "Paragraph_Separator", .paragraphSeparator), ("Cc", "Control", .control), ("Cf", "Format", .format),
        ("Cs", "Surrogate", .surrogate), ("Co", "Private_Use", .privateUse), ("Cn", "Unassigned", .unassigned),
    ]

    private static let groups: [String: String] = [
        "L": "L", "Letter": "L", "M": "M", "Mark": "M", "Combining_Mark": "M", "N": "N", "Number": "N", "P": "P",
        "Punctuation": "P", "punct": "P", "S": "S", "Symbol": "S", "Z": "Z", "Separator": "Z", "C": "C", "Other": "C",
    ]

    private static func categories(_ name: String) -> Set<Unicode.GeneralCategory>? {
        if let group = groups[name] { return Set(names.filter { $0.short.hasPrefix(group) }.map(\.category)) }
        switch name {
        case "LC", "Cased_Letter": return [.uppercaseLetter, .lowercaseLetter, .titlecaseLetter]
        case "digit": return [.decimalNumber]
        case "cntrl": return [.control]
        default: return names.first { $0.short == name || $0.long == name }.map { [$0.category] }
        }
    }

    /// Runs of scalars with one category: found once, because there are a million scalars.
    private static let runs: [(range: ClosedRange<UInt32>, category: Unicode.GeneralCategory)] = {
        var runs: [(range: ClosedRange<UInt32>, category: Unicode.GeneralCategory)] = []
        var start: UInt32 = 0
        var current = Unicode.GeneralCategory.control
        for value in 1...ScalarSet.last {
            let category = Unicode.Scalar(value)?.properties.generalCategory ?? .surrogate
            if category != current {
                runs.append((start...(value - 1), current))
                (start, current) = (value, category)
            }
        }
        runs.append((start...ScalarSet.last, current))
        return runs
    }()

    private static func scalars(in categories: Set<Unicode.GeneralCategory>) -> ScalarSet {
        ScalarSet(runs.filter { categories.contains($0.category) }.map(\.range))
    }

    private static func scalars(where test: (Unicode.Scalar.Properties) -> Bool) -> ScalarSet {
        var ranges: [ClosedRange<UInt32>] = []
        for value in 0...ScalarSet.last {
            guard let scalar = Unicode.Scalar(value), test(scalar.properties) else { continue }
            if let previous = ranges.last, previous.upperBound + 1 == value {
                ranges[ranges.count - 1] = previous.lowerBound...value
            } else {
                ranges.append(value...value)
            }
        }
        return ScalarSet(ranges)
    }
}
