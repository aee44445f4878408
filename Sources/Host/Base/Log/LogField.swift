// The names of fields in log lines that come with every request: quoted once, not with each line.

import JSON

/// A field's name in both forms of the log.
struct LogField: Sendable, ExpressibleByStringLiteral {
    let name: String
    let json: JSONKey

    init(_ name: String) {
        self.name = name
        json = JSONKey(name)
    }

    init(stringLiteral name: String) {
        self.init(name)
    }

    static let time: LogField = "time"
    static let level: LogField = "level"
    static let message: LogField = "message"
    static let address: LogField = "address"
    static let client: LogField = "client"
    static let era: LogField = "era"
    static let lines: LogField = "lines"
    static let method: LogField = "method"
    static let milliseconds: LogField = "ms"
    static let pack: LogField = "pack"
    static let path: LogField = "path"
    static let reason: LogField = "reason"
    static let requestID: LogField = "request_id"
    static let status: LogField = "status"
    static let subject: LogField = "subject"
    static let tool: LogField = "tool"
    static let traceparent: LogField = "traceparent"
}
