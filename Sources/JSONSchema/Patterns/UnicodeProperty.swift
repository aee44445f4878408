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

    /// Whether ECMA-262 has the property with the u flag (2025, section 22.2.1.1). Scripts are not looked up: whatever
    /// could be called like one counts.
    static func isKnown(_ name: String) -> Bool {
        for prefix in ["Script=", "sc=", "Script_Extensions=", "scx="] where name.hasPrefix(prefix) {
            let script = name.dropFirst(prefix.count)
            return script.utf8.first.map { $0 &- 0x41 < 26 } == true
                && script.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "_") }
        }
        for prefix in ["General_Category=", "gc="] where name.hasPrefix(prefix) {
            return categories(String(name.dropFirst(prefix.count))) != nil
        }
        return categories(name) != nil || binary.contains(name)
    }

    /// Binary properties of ECMA-262 2025, table 69, by both their names.
    private static let binary: Set<String> = [
        "ASCII", "AHex", "ASCII_Hex_Digit", "Alpha", "Alphabetic", "Any", "Assigned", "Bidi_C", "Bidi_Control",
        "Bidi_M",
        "Bidi_Mirrored", "CI", "CWCF", "CWCM", "CWKCF", "CWL", "CWT", "CWU", "Case_Ignorable", "Cased",
        "Changes_When_Casefolded", "Changes_When_Casemapped", "Changes_When_Lowercased", "Changes_When_NFKC_Casefolded",
        "Changes_When_Titlecased", "Changes_When_Uppercased", "DI", "Dash", "Default_Ignorable_Code_Point", "Dep",
        "Deprecated", "Dia", "Diacritic", "EBase", "EComp", "EMod", "EPres", "Emoji", "Emoji_Component",
        "Emoji_Modifier", "Emoji_Modifier_Base", "Emoji_Presentation", "Ext", "ExtPict", "Extended_Pictographic",
        "Extender", "Gr_Base", "Gr_Ext", "Grapheme_Base", "Grapheme_Extend", "Hex", "Hex_Digit", "IDC", "IDS", "IDSB",
        "IDST", "IDS_Binary_Operator", "IDS_Trinary_Operator", "ID_Continue", "ID_Start", "Ideo", "Ideographic",
        "Join_C", "Join_Control", "LOE", "Logical_Order_Exception", "Lower", "Lowercase", "Math", "NChar",
        "Noncharacter_Code_Point", "Pat_Syn", "Pat_WS", "Pattern_Syntax", "Pattern_White_Space", "QMark",
        "Quotation_Mark", "RI", "Radical", "Regional_Indicator", "SD", "STerm", "Sentence_Terminal", "Soft_Dotted",
        "Term", "Terminal_Punctuation", "UIdeo", "Unified_Ideograph", "Upper", "Uppercase", "VS", "Variation_Selector",
        "White_Space", "XIDC", "XIDS", "XID_Continue", "XID_Start", "space",
    ]

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
