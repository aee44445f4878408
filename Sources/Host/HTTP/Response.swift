// An answer as a value, before the connection adds what every answer carries.

import NIOHTTP1

/// Status, fields and body.
struct Response: Sendable {
    var status: HTTPResponseStatus
    /// Names in lower case.
    var headers: [(name: String, value: String)] = []
    var body: [UInt8] = []
    /// What is written in place of `body`: a tool's result,
    var content: ResultText?
    /// or a message around one.
    var result: ResultMessage?
    /// Whether the connection ends with this answer, because what follows on it cannot be understood.
    var closes = false
    /// A reason for the log, where the status alone does not say it.
    var reason: String?
    /// What a client takes for nothing, where this is only the head and the body follows in pieces whose number nobody knows
    /// yet: sent where there is nothing else to send.
    var signOfLife: [UInt8]?

    static func json(_ body: [UInt8], status: HTTPResponseStatus = .ok) -> Response {
        Response(status: status, headers: jsonFields, body: body)
    }

    static func json(_ content: ResultText) -> Response {
        Response(status: .ok, headers: jsonFields, content: content)
    }

    private static let jsonFields = [(name: "content-type", value: "application/json")]

    func with(_ name: String, _ value: String) -> Response {
        var copy = self
        copy.headers.append((name, value))
        return copy
    }
}

extension Response {
    /// The same answer, after which the connection ends.
    var closingConnection: Response {
        var copy = self
        copy.closes = true
        return copy
    }
}
