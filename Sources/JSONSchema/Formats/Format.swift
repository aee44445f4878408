// The formats that can be asserted, each with the sentence that says what it expects.

@_spi(Text) import JSON

/// Formats of validation section 7.3. Unknown names stay annotations.
enum Format: String, BitwiseCopyable, Sendable, CaseIterable {
    case dateTime = "date-time"
    case date
    case time
    case duration
    case email
    case idnEmail = "idn-email"
    case hostname
    case idnHostname = "idn-hostname"
    case ipv4
    case ipv6
    case uri
    case uriReference = "uri-reference"
    case iri
    case iriReference = "iri-reference"
    case uriTemplate = "uri-template"
    case uuid
    case jsonPointer = "json-pointer"
    case relativeJSONPointer = "relative-json-pointer"
    case regex

    /// For messages.
    var expectation: String {
        switch self {
        case .dateTime: "a date and time like 2026-01-31T12:00:00Z"
        case .date: "a date like 2026-01-31"
        case .time: "a time with offset like 12:00:00Z"
        case .duration: "a duration like P3DT12H"
        case .email, .idnEmail: "an email address"
        case .hostname, .idnHostname: "a host name"
        case .ipv4: "an IPv4 address like 192.0.2.1"
        case .ipv6: "an IPv6 address like 2001:db8::1"
        case .uri, .iri: "an absolute URI"
        case .uriReference, .iriReference: "a URI or a relative reference"
        case .uriTemplate: "a URI template"
        case .uuid: "a UUID like 123e4567-e89b-12d3-a456-426614174000"
        case .jsonPointer: "a JSON Pointer like /a/0"
        case .relativeJSONPointer: "a relative JSON Pointer like 1/a"
        case .regex: "a regular expression"
        }
    }

    func accepts(_ text: ArraySlice<UInt8>) -> Bool {
        switch self {
        case .dateTime: TimeFormat.isDateTime(text)
        case .date: TimeFormat.isDate(text)
        case .time: TimeFormat.isTime(text)
        case .duration: TimeFormat.isDuration(text)
        case .email: NetworkFormat.isEmail(text, allowsUnicode: false)
        case .idnEmail: NetworkFormat.isEmail(text, allowsUnicode: true)
        case .hostname: NetworkFormat.isHostname(text)
        case .idnHostname: NetworkFormat.isInternationalHostname(text)
        case .ipv4: NetworkFormat.isIPv4(text)
        case .ipv6: NetworkFormat.isIPv6(text)
        case .uri: URIFormat.isReference(text, needsScheme: true, allowsUnicode: false)
        case .uriReference: URIFormat.isReference(text, needsScheme: false, allowsUnicode: false)
        case .iri: URIFormat.isReference(text, needsScheme: true, allowsUnicode: true)
        case .iriReference: URIFormat.isReference(text, needsScheme: false, allowsUnicode: true)
        case .uriTemplate: URIFormat.isTemplate(text)
        case .uuid: Self.isUUID(text)
        case .jsonPointer: Self.isPointer(text)
        case .relativeJSONPointer: Self.isRelativePointer(text)
        case .regex: PatternParser.isExpression(String(decoding: text, as: UTF8.self))
        }
    }

    /// RFC 9562 section 4.
    private static func isUUID(_ text: ArraySlice<UInt8>) -> Bool {
        guard text.count == 36 else { return false }
        for (position, byte) in text.enumerated() {
            switch position {
            case 8, 13, 18, 23: guard byte == UInt8(ascii: "-") else { return false }
            default: guard hexadecimalDigit(byte) != nil else { return false }
            }
        }
        return true
    }

    /// RFC 6901 section 3.
    private static func isPointer(_ text: ArraySlice<UInt8>) -> Bool {
        guard let first = text.first else { return true }
        guard first == UInt8(ascii: "/") else { return false }
        for index in text.indices where text[index] == UInt8(ascii: "~") {
            guard index + 1 < text.endIndex,
                text[index + 1] == UInt8(ascii: "0") || text[index + 1] == UInt8(ascii: "1")
            else { return false }
        }
        return true
    }

    /// draft-bhutton-relative-json-pointer-00 section 3.
    private static func isRelativePointer(_ text: ArraySlice<UInt8>) -> Bool {
        let digits = text.prefix(while: isDigit)
        guard let first = digits.first, first != UInt8(ascii: "0") || digits.count == 1 else { return false }
        let rest = text.dropFirst(digits.count)
        return rest.elementsEqual("#".utf8) || isPointer(rest)
    }
}
