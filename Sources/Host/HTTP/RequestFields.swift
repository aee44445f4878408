// The header fields that decide about a request, found in one pass over the head instead of one pass for each question.

import HostBase
import NIOHTTP1

/// The fields of a request head that the host knows, in the order in which they came. One pass for them, callers that
/// are laid out once (`CallerPart`) and classes for what a call hands on saved a tenth of a call's
/// instructions.
public struct RequestFields: Sendable {
    /// A field that some decision depends on. Raw values are bits.
    public enum Name: UInt32, Sendable, CaseIterable {
        case host = 0x1
        case origin = 0x2
        case expect = 0x4
        case upgrade = 0x8
        case contentLength = 0x10
        case transferEncoding = 0x20
        case contentType = 0x40
        case contentEncoding = 0x80
        case authorization = 0x100
        case userToken = 0x200
        case apiKey = 0x400
        case idempotencyKey = 0x800
        case traceparent = 0x1000
        case conversationID = 0x2000
        case ephemeralUser = 0x4000
        case requestID = 0x8000
        case forwardedFor = 0x1_0000
        case realIP = 0x2_0000
        case ifNoneMatch = 0x4_0000
        case requestMethod = 0x8_0000
        case accept = 0x10_0000
        case mcpVersion = 0x20_0000
        case mcpMethod = 0x40_0000
        case mcpName = 0x80_0000
        case mcpSession = 0x100_0000

        /// As it is written, in lower case.
        var text: String {
            switch self {
            case .host: "host"
            case .origin: "origin"
            case .expect: "expect"
            case .upgrade: "upgrade"
            case .contentLength: "content-length"
            case .transferEncoding: "transfer-encoding"
            case .contentType: "content-type"
            case .contentEncoding: "content-encoding"
            case .authorization: "authorization"
            case .userToken: "x-user-token"
            case .apiKey: "x-mcp-api-key"
            case .idempotencyKey: "idempotency-key"
            case .traceparent: "traceparent"
            case .conversationID: "openai-conversation-id"
            case .ephemeralUser: "openai-ephemeral-user-id"
            case .requestID: "x-request-id"
            case .forwardedFor: "x-forwarded-for"
            case .realIP: "x-real-ip"
            case .ifNoneMatch: "if-none-match"
            case .requestMethod: "access-control-request-method"
            case .accept: "accept"
            case .mcpVersion: "mcp-protocol-version"
            case .mcpMethod: "mcp-method"
            case .mcpName: "mcp-name"
            case .mcpSession: "mcp-session-id"
            }
        }

        /// Names in any case (RFC 9110 section 5.1); those of one length are told apart by their bytes.
        init?(_ name: String) {
            guard let found = Self.known.name(name.utf8.span) else { return nil }
            self = found
        }

        private static let known = KnownNames()
    }

    /// All names by their length, as numbers that are compared in one step.
    private struct KnownNames: Sendable {
        private var names: [(name: Name, words: SIMD4<UInt64>)] = []
        /// Where the names of each length begin, and where the last ones end.
        private var starts: [Int] = [0]

        init() {
            let known = Name.allCases.map { (name: $0, text: $0.text) }
            for (name, text) in known.sorted(by: { $0.text.utf8.count < $1.text.utf8.count }) {
                precondition(text.utf8.count <= 32, "a longer name needs more words")
                while starts.count <= text.utf8.count { starts.append(names.count) }
                names.append((name, Self.words(text.utf8.span)))
            }
            starts.append(names.count)
        }

        func name(_ text: Span<UInt8>) -> Name? {
            let (names, starts) = (names.span, starts.span)
            guard text.count < starts.count &- 1 else { return nil }
            var (index, end) = (starts[text.count], starts[text.count &+ 1])
            guard index < end else { return nil }
            let words = Self.words(text)
            while index < end {
                if names[index].words == words { return names[index].name }
                index &+= 1
            }
            return nil
        }

        /// All of a text of at most 32 bytes, in lower case: words that overlap where it is shorter.
        private static func words(_ text: Span<UInt8>) -> SIMD4<UInt64> {
            guard text.count >= 8 else {
                var word: UInt64 = 0
                for index in text.indices { word |= UInt64(text[index]) << UInt64(index &* 8) }
                return SIMD4(EightBytes.lowercased(word), 0, 0, 0)
            }
            let last = text.count &- 8
            func word(_ start: Int) -> UInt64 { EightBytes.lowercased(EightBytes.load(text, at: min(start, last))) }
            return SIMD4(word(0), word(8), word(16), word(last))
        }
    }

    public struct Field: Sendable {
        public let name: Name
        public let value: String
    }

    public private(set) var values: [Field] = []
    /// The bits of all names in `values`: most questions are about fields that are not there.
    private var present: UInt32 = 0
    /// Whether there are fields whose names begin with `parameterPrefix`.
    public private(set) var hasParameters = false
    /// `Mcp-Param-…`: which ones there are depends on the tools.
    public static let parameterPrefix = "mcp-param-"

    init() {}

    init(_ headers: HTTPHeaders) {
        values.reserveCapacity(8)
        for (name, value) in headers {
            guard let name = Name(name) else {
                if FieldName.begins(name, with: Self.parameterPrefix) { hasParameters = true }
                continue
            }
            values.append(Field(name: name, value: Self.withoutEnd(value)))
            present |= name.rawValue
        }
    }

    /// White space behind a value is no part of it (RFC 9110 section 5.5); the parser leaves it there.
    @inline(__always)
    private static func withoutEnd(_ value: String) -> String {
        let bytes = value.utf8.span
        guard bytes.count > 0, isBlank(bytes[bytes.count &- 1]) else { return value }
        return String(decoding: Array(value.utf8.reversed().drop(while: isBlank).reversed()), as: UTF8.self)
    }

    @inline(__always)
    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    /// Sets what an absolute target says in place of the field that came (RFC 9112 section 3.2.2).
    public mutating func replaceHost(with authority: String) {
        values.removeAll { $0.name == .host }
        values.append(Field(name: .host, value: authority))
        present |= Name.host.rawValue
    }

    /// The elements of a list (RFC 9110 section 5.6.1), from all fields of this name, without empty ones.
    public func list(_ name: Name) -> [String] {
        self[name].flatMap { $0.split(separator: ",").map(\.trimmed) }.filter { !$0.isEmpty }
    }

    public func contains(_ name: Name) -> Bool {
        present & name.rawValue != 0
    }

    /// The value of the first field of this name.
    public func first(_ name: Name) -> String? {
        guard contains(name) else { return nil }
        for field in values where field.name == name { return field.value }
        return nil
    }

    public func count(_ name: Name) -> Int {
        contains(name) ? values.count { $0.name == name } : 0
    }

    /// The value of a field that may stand in a head only once, and how often it does.
    public func single(_ name: Name) -> SingleField {
        guard contains(name) else { return [] }
        return SingleField(first: first(name), count: count(name))
    }

    /// The values of all fields of this name.
    public subscript(_ name: Name) -> [String] {
        guard contains(name) else { return [] }
        return values.compactMap { $0.name == name ? $0.value : nil }
    }
}

/// Names of header fields, which are compared without regard to case.
public enum FieldName {
    /// - Parameter expected: in lower case.
    public static func begins(_ name: String, with expected: String) -> Bool {
        let (name, expected) = (name.utf8.span, expected.utf8.span)
        guard name.count >= expected.count else { return false }
        guard expected.count >= 8 else {
            for index in expected.indices {
                let byte = name[index]
                let lowercased = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
                if lowercased != expected[index] { return false }
            }
            return true
        }
        var index = 0
        while index < expected.count &- 8 {
            if word(name, index) != EightBytes.load(expected, at: index) { return false }
            index &+= 8
        }
        // The last eight bytes, some of which were compared already.
        let last = expected.count &- 8
        return word(name, last) == EightBytes.load(expected, at: last)
    }

    @inline(__always)
    private static func word(_ name: Span<UInt8>, _ start: Int) -> UInt64 {
        EightBytes.lowercased(EightBytes.load(name, at: start))
    }
}
