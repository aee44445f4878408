// Server-sent events as they arrive, so that a test can act between one and the next.

import JSON

/// The answer to one request, read event by event (WHATWG HTML section 9.2.6).
final class EventStream {
    struct Event: Sendable, Equatable {
        var type = "message"
        var id: String?
        var retry: String?
        var data = ""
    }

    let head: HTTPResponse
    private let connection: RawConnection
    private var pending: [UInt8] = []
    private var isComplete = false

    /// Reads the head. - Throws: when the answer is no stream of events.
    init(_ connection: RawConnection) throws {
        let head = try connection.responseHead()
        guard head.status == 200, head["Content-Type"]?.hasPrefix("text/event-stream") == true else {
            throw HTTPResponse.Malformed(description: "not a stream of events: \(head.status) \(head.fields)")
        }
        guard head["Transfer-Encoding"]?.lowercased() == "chunked" else {
            throw HTTPResponse.Malformed(description: "a stream of events that is not in chunks: \(head.fields)")
        }
        self.head = head
        self.connection = connection
    }

    /// The next event; `nil` at the orderly end of the stream. Comments are skipped.
    func next() throws -> Event? {
        while true {
            if let block = takeBlock() {
                guard let event = Self.event(block) else { continue }
                return event
            }
            guard !isComplete else { return nil }
            if let chunk = try connection.chunk() { pending += chunk } else { isComplete = true }
        }
    }

    /// The next JSON-RPC message; `nil` at the end. Events without data, which only carry an id, are skipped.
    func message() throws -> JSONValue? {
        while let event = try next() {
            if !event.data.isEmpty { return try JSONValue(parsing: event.data) }
        }
        return nil
    }

    /// All messages up to the end.
    func rest() throws -> [JSONValue] {
        var messages: [JSONValue] = []
        while let message = try message() { messages.append(message) }
        return messages
    }

    /// The events of a whole body.
    static func messages(in body: [UInt8]) throws -> [JSONValue] {
        let text = String(decoding: body, as: UTF8.self).replacing("\r\n", with: "\n")
        return try text.split(separator: "\n\n").compactMap { block in
            guard let event = event(block.split(separator: "\n").map(String.init)), !event.data.isEmpty else {
                return nil
            }
            return try JSONValue(parsing: event.data)
        }
    }

    /// The lines before the next empty one, once that is there.
    private func takeBlock() -> [String]? {
        var lines: [String] = []
        var start = 0
        for (index, byte) in pending.enumerated() where byte == 10 {
            let line = pending[start..<index]
            start = index + 1
            let text = String(decoding: line.last == 13 ? line.dropLast() : line, as: UTF8.self)
            if text.isEmpty {
                pending.removeFirst(start)
                return lines
            }
            lines.append(text)
        }
        return nil
    }

    /// `nil` for nothing but comments.
    private static func event(_ lines: [String]) -> Event? {
        var event = Event()
        var data: [Substring] = []
        var isEvent = false
        for line in lines where !line.hasPrefix(":") {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count > 1 ? (parts[1].hasPrefix(" ") ? parts[1].dropFirst() : parts[1]) : ""
            isEvent = true
            switch parts[0] {
            case "event": event.type = String(value)
            case "id": event.id = String(value)
            case "retry": event.retry = String(value)
            case "data": data.append(value)
            default: break
            }
        }
        event.data = data.joined(separator: "\n")
        return isEvent ? event : nil
    }
}
