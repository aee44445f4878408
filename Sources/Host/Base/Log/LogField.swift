// The names of fields in log lines that come with every request: quoted once, not with each line.

import JSON

/// A field's name in both forms of the log.
package struct LogField: Sendable, ExpressibleByStringLiteral {
    let name: String
    let json: JSONKey

    init(_ name: String) {
        self.name = name
        json = JSONKey(name)
    }

    package init(stringLiteral name: String) {
        self.init(name)
    }

    static let time: LogField = "time"
    static let level: LogField = "level"
    static let message: LogField = "message"
    package static let address: LogField = "address"
    package static let client: LogField = "client"
    package static let era: LogField = "era"
    static let lines: LogField = "lines"
    package static let method: LogField = "method"
    package static let milliseconds: LogField = "ms"
    package static let pack: LogField = "pack"
    package static let path: LogField = "path"
    package static let reason: LogField = "reason"
    package static let requestID: LogField = "request_id"
    package static let status: LogField = "status"
    package static let subject: LogField = "subject"
    package static let tool: LogField = "tool"
    package static let traceparent: LogField = "traceparent"
}
