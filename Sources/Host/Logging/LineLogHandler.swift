// Log lines for machines (JSON) or for people at a terminal (text).

import Glibc
import JSONSchema
import Logging

/// Writes one line per event to standard error.
struct LineLogHandler: LogHandler {
    enum Form: Sendable {
        case json, text
    }

    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level
    private let form: Form
    private let output: LineOutput

    init(form: Form, level: Logger.Level, output: LineOutput = .standardError) {
        self.form = form
        logLevel = level
        self.output = output
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var fields = metadata
        if let more = event.metadata { fields.merge(more) { _, new in new } }
        let ordered = fields.sorted { $0.key < $1.key }
        switch form {
        case .json: output.write(json(event, ordered))
        case .text: output.write(text(event, ordered))
        }
    }

    private func json(_ event: LogEvent, _ fields: [(key: String, value: Logger.MetadataValue)]) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("time")
        writer.string(Timestamp.now())
        writer.key("level")
        writer.string(event.level.rawValue)
        writer.key("message")
        writer.string(event.message.description)
        for (key, value) in fields {
            writer.key(key)
            Self.write(value, of: key, to: &writer)
        }
        writer.endObject()
        return writer.finish() + [UInt8(ascii: "\n")]
    }

    /// Numbers that the host itself logs stay numbers.
    private static let numeric: Set<String> = ["status", "ms", "port", "late_ms", "packs", "tools", "retries"]

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

    private func text(_ event: LogEvent, _ fields: [(key: String, value: Logger.MetadataValue)]) -> [UInt8] {
        var line = "\(Timestamp.now()) \(event.level.rawValue) \(event.message)"
        for (key, value) in fields { line += " \(key)=\(value)" }
        // What came from outside must not look like another line, nor speak to the terminal.
        var bytes: [UInt8] = []
        for byte in line.utf8 { bytes.append(byte < 0x20 || byte == 0x7F ? UInt8(ascii: "?") : byte) }
        return bytes + [UInt8(ascii: "\n")]
    }
}

/// The time of day in the log: RFC 3339, UTC, milliseconds.
enum Timestamp {
    static func now() -> String {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        let date = CalendarTime(time.tv_sec)
        func padded(_ number: Int, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return "\(date.year)-\(padded(date.month, 2))-\(padded(date.day, 2))T"
            + "\(padded(date.hour, 2)):\(padded(date.minute, 2)):\(padded(date.second, 2))."
            + "\(padded(time.tv_nsec / 1_000_000, 3))Z"
    }
}
