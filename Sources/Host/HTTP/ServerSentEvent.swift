// Events on a stream (HTML standard, section 9.2 "Server-sent events"): one JSON text each.

import NIOHTTP1

/// Bytes of a `text/event-stream`.
public enum ServerSentEvent {
    /// Nothing to a client, but a sign of life to everything in between.
    static let keepAlive = Array(": \n\n".utf8)

    private static let start = Array("event: message\ndata: ".utf8)

    /// One JSON text as an event. In JSON a line break is white space between two tokens, since a string has none
    /// unescaped; here it would end the field.
    public static func message(_ json: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(start.count + json.count + 2)
        bytes += start
        for byte in json { bytes.append(byte == 0x0A || byte == 0x0D ? 0x20 : byte) }
        bytes.append(0x0A)
        bytes.append(0x0A)
        return bytes
    }

    /// The head of a stream. Proxies are asked not to collect it (nginx, "X-Accel-Buffering").
    public static var head: Response {
        Response(
            status: .ok,
            headers: [
                ("content-type", MediaRanges.events), ("cache-control", "no-cache, no-transform"),
                ("x-accel-buffering", "no"),
            ], body: .stream(signOfLife: keepAlive))
    }
}

extension Response {
    /// This answer as a stream with its JSON as the one event. Any other answer stays as it is: the status of an error
    /// says enough, and nothing has no type.
    var asEvent: Response {
        guard status == .ok, headers.first?.value == MediaRanges.json else { return self }
        let message: [UInt8]
        switch body {
        case .bytes(let bytes): message = bytes
        case .framed(let result): message = result.bytes
        case .nothing, .result, .problem, .stream: return self
        }
        var copy = self
        copy.headers = ServerSentEvent.head.headers + headers.dropFirst()
        copy.body = .bytes(ServerSentEvent.message(message))
        return copy
    }
}
