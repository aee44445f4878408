// Calls of one pack that are open while something happens to another one, and that nobody may lose.

import JSON
import Testing

/// Calls of the fixture `jobs`, open until they are told to end.
struct CallsInFlight {
    private let host: RunningHost
    private let connections: [RawConnection]

    /// Returns once the pack has all of them.
    init(_ count: Int, at host: RunningHost) throws {
        self.host = host
        connections = try (1...count).map { number in
            let connection = try host.connect()
            let body = #"{"job":\#(number)}"#
            try connection.send(host.callHead("job_run", "Content-Length: \(body.utf8.count)") + "\r\n" + body)
            return connection
        }
        for number in 1...count {
            #expect(try eventually { try host.call("job_report", #"{"job":\#(number)}"#).json?["ready"]?.int64 == 1 })
        }
    }

    /// Has each end, and looks at what its caller got.
    func finish() throws {
        for (index, connection) in connections.enumerated() {
            let number = index + 1
            #expect(try host.call("job_finish", #"{"job":\#(number)}"#).json == ["status": 0])
            let answer = try connection.response()
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer.json?["job"]?.int64 == Int64(number))
        }
    }
}
