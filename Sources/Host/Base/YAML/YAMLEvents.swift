// The system's libyaml as Swift values: one event of a YAML stream after the other.

import CYAML

/// What keeps a text from being YAML that this host reads.
public struct YAMLFault: Error, CustomStringConvertible {
    var reason: String
    /// Both count from 1.
    var line: Int
    var column: Int

    public var description: String { "\(reason) (line \(line), column \(column))" }
}

/// An event with its strings copied, and where it begins.
struct YAMLEvent {
    enum Kind: Equatable {
        case streamStart
        case streamEnd
        case documentStart
        case documentEnd
        case alias(String)
        /// `isPlain`: without quotes, so that its text decides what it means.
        case scalar(String, anchor: String?, isPlain: Bool)
        case sequenceStart(anchor: String?)
        case sequenceEnd
        case mappingStart(anchor: String?)
        case mappingEnd
    }

    var kind: Kind
    /// Counts from 1, like `column`.
    var line: Int
    var column: Int

    func fault(_ reason: String) -> YAMLFault {
        YAMLFault(reason: reason, line: line, column: column)
    }
}

/// Parses UTF-8 text.
@safe struct YAMLEvents: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    /// libyaml reads from here until it is deleted.
    private let text: UnsafeMutableBufferPointer<UInt8>

    init(_ string: String) throws(YAMLFault) {
        let bytes = Array(string.utf8)
        unsafe text = .allocate(capacity: max(1, bytes.count))
        _ = unsafe text.initialize(from: bytes)
        unsafe parser = .allocate(capacity: 1)
        unsafe parser.initialize(to: yaml_parser_t())
        guard unsafe yaml_parser_initialize(parser) == 1 else {
            throw YAMLFault(reason: "the system has no memory to read it", line: 1, column: 1)
        }
        unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        unsafe yaml_parser_set_input_string(parser, text.baseAddress, bytes.count)
    }

    deinit {
        unsafe yaml_parser_delete(parser)
        unsafe parser.deallocate()
        unsafe text.deallocate()
    }

    /// The next event; nothing may be asked for after `streamEnd`.
    mutating func next() throws(YAMLFault) -> YAMLEvent {
        var event = unsafe yaml_event_t()
        guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw fault() }
        defer { unsafe yaml_event_delete(&event) }
        let mark = unsafe event.start_mark
        var result = YAMLEvent(kind: .streamEnd, line: mark.line + 1, column: mark.column + 1)
        switch unsafe event.type {
        case YAML_STREAM_START_EVENT: result.kind = .streamStart
        case YAML_DOCUMENT_START_EVENT: result.kind = .documentStart
        case YAML_DOCUMENT_END_EVENT: result.kind = .documentEnd
        case YAML_ALIAS_EVENT:
            result.kind = .alias(unsafe Self.string(event.data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT:
            let scalar = unsafe event.data.scalar
            let tag = unsafe Self.string(scalar.tag)
            let isText = tag == "!" || tag == YAML_STR_TAG
            if let tag, !isText { throw result.fault("the tag \(tag) means nothing here") }
            let bytes = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            result.kind = unsafe .scalar(
                String(decoding: bytes, as: UTF8.self), anchor: Self.string(scalar.anchor),
                isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE && !isText)
        case YAML_SEQUENCE_START_EVENT:
            let start = unsafe event.data.sequence_start
            if let tag = unsafe Self.string(start.tag) { throw result.fault("the tag \(tag) means nothing here") }
            result.kind = .sequenceStart(anchor: unsafe Self.string(start.anchor))
        case YAML_SEQUENCE_END_EVENT: result.kind = .sequenceEnd
        case YAML_MAPPING_START_EVENT:
            let start = unsafe event.data.mapping_start
            if let tag = unsafe Self.string(start.tag) { throw result.fault("the tag \(tag) means nothing here") }
            result.kind = .mappingStart(anchor: unsafe Self.string(start.anchor))
        case YAML_MAPPING_END_EVENT: result.kind = .mappingEnd
        default: result.kind = .streamEnd
        }
        return result
    }

    private func fault() -> YAMLFault {
        let state = unsafe parser.pointee
        let problem = unsafe state.problem.map { unsafe String(cString: $0) } ?? "it cannot be read"
        let context = unsafe state.context.map { unsafe String(cString: $0) + ": " } ?? ""
        let mark = unsafe state.problem_mark
        return YAMLFault(reason: context + problem, line: mark.line + 1, column: mark.column + 1)
    }

    private static func string(_ text: UnsafePointer<yaml_char_t>?) -> String? {
        guard let text = unsafe text else { return nil }
        return unsafe String(cString: text)
    }
}
