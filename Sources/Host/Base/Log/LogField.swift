// The names of fields in log lines that come with every request: quoted once, not with each line.

import JSON

/// A field's name in both forms of the log.
public struct LogField: Sendable, ExpressibleByStringLiteral {
    let name: String
    let json: JSONKey

    init(_ name: String) {
        self.name = name
        json = JSONKey(name)
    }

    public init(stringLiteral name: String) {
        self.init(name)
    }

    static let time: LogField = "time"
    static let level: LogField = "level"
    static let message: LogField = "message"
    public static let address: LogField = "address"
    public static let client: LogField = "client"
    public static let era: LogField = "era"
    static let lines: LogField = "lines"
    public static let method: LogField = "method"
    public static let milliseconds: LogField = "ms"
    public static let pack: LogField = "pack"
    public static let path: LogField = "path"
    public static let reason: LogField = "reason"
    public static let requestID: LogField = "request_id"
    public static let status: LogField = "status"
    public static let subject: LogField = "subject"
    public static let tool: LogField = "tool"
    public static let traceparent: LogField = "traceparent"
}
