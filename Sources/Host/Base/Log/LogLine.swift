// One line of the log while it is put together, in either form, straight into bytes.

import Glibc
import JSON
import Logging

/// Time, level and message first, then fields in the order in which they are added: by name, as everywhere in the log.
public struct LogLine: Sendable {
    public enum Form: Sendable {
        case json, text
    }

    private let form: Form
    private var writer = JSONWriter(reservingCapacity: 384)
    private var text: [UInt8] = []

    init(_ form: Form, _ level: Logger.Level, _ message: String, at time: Timestamp = .now) {
        self.form = form
        switch form {
        case .json:
            writer.beginObject()
            writer.key(LogField.time.json)
            writer.string(utf8: time.ascii.span)
            writer.member(LogField.level.json, level.rawValue)
            writer.member(LogField.message.json, message)
        case .text:
            for index in time.ascii.indices { text.append(time.ascii[index]) }
            append(" ", level.rawValue)
            append(" ", message)
        }
    }

    public mutating func add(_ key: LogField, _ value: String) {
        switch form {
        case .json: writer.member(key.json, value)
        case .text: append(key.name, value: value)
        }
    }

    public mutating func add(_ key: LogField, _ value: Int) {
        switch form {
        case .json: writer.member(key.json, Int64(value))
        case .text: append(key.name, value: String(value))
        }
    }

    /// With `decimals` digits behind the point: 1234 with 3 is 1.234.
    public mutating func add(_ key: LogField, _ value: Int, decimals: Int) {
        switch form {
        case .json:
            writer.key(key.json)
            writer.number(Int64(value), decimals: decimals)
        case .text:
            var number = JSONWriter(reservingCapacity: 24)
            number.number(Int64(value), decimals: decimals)
            append(key.name, value: String(decoding: number.finish(), as: UTF8.self))
        }
    }

    /// A value of any shape.
    mutating func add(_ key: String, metadata value: Logger.MetadataValue) {
        switch form {
        case .json:
            writer.key(key)
            Self.write(value, of: key, to: &writer)
        case .text: append(key, value: value.description)
        }
    }

    /// The line, with its end.
    mutating func finish() -> ArraySlice<UInt8> {
        switch form {
        case .json:
            writer.endObject()
            var whole = JSONWriter(reusing: [])
            swap(&whole, &writer)
            var (bytes, count) = whole.finishWithRoom()
            bytes[count] = UInt8(ascii: "\n")
            return bytes[...count]
        case .text:
            text.append(UInt8(ascii: "\n"))
            return text[...]
        }
    }

    // MARK: Text

    private mutating func append(_ key: String, value: String) {
        append(" ", key)
        append("=", value)
    }

    /// What came from outside must not look like another line, nor speak to the terminal.
    private mutating func append(_ lead: String, _ value: String) {
        text.append(contentsOf: lead.utf8)
        for byte in value.utf8 { text.append(byte < 0x20 || byte == 0x7F ? UInt8(ascii: "?") : byte) }
    }

    // MARK: JSON

    /// Numbers that the host itself logs stay numbers.
    private static let numeric: Set<String> = [
        "status", "ms", "port", "late_ms", "packs", "tools", "retries", "connections", "limit", "turned_away",
        "refused", "failed", "pid", "host", "threads", "open_files_limit", "lines",
    ]

    private static func write(_ value: Logger.MetadataValue, of key: String, to writer: inout JSONWriter) {
        switch value {
        case .string(let text): write(text, of: key, to: &writer)
        case .stringConvertible(let item): write(item.description, of: key, to: &writer)
        case .array(let items):
            writer.beginArray()
            for item in items { write(item, of: "", to: &writer) }
            writer.endArray()
        case .dictionary(let members):
            writer.beginObject()
            for (key, value) in members.sorted(by: { $0.key < $1.key }) {
                writer.key(key)
                write(value, of: key, to: &writer)
            }
            writer.endObject()
        }
    }

    private static func write(_ text: String, of key: String, to writer: inout JSONWriter) {
        if numeric.contains(key), let number = try? JSONValue(parsing: text), case .number = number {
            writer.value(number)
        } else {
            writer.string(text)
        }
    }
}
