// Measures what it costs to read a body and to check it against a schema, beside JSONSerialization which only reads it,
// in the same process and alternately, because absolute figures differ from minute to minute.

import Foundation
import Glibc
import JSON
import JSONSchema

/// Usage: JSONBenchmark [ROUNDS] [JSON_FILE]
///        JSONBenchmark count BODY TIMES: reads and checks one body, for a profiler
@main
struct JSONBenchmark {
    static func main() throws {
        let arguments = CommandLine.arguments
        if arguments.count == 4, arguments[1] == "count" {
            guard let body = try Body.all().first(where: { $0.name == arguments[2] }), let times = Int(arguments[3])
            else { throw Failure(reason: "no such body, or no number: \(arguments[2]) \(arguments[3])") }
            return body.check(times: times)
        }
        let rounds = arguments.count > 1 ? max(1, Int(arguments[1]) ?? 1) : 40
        let results = try Body.all().map { try Result($0, rounds: rounds) }
        for result in results { print(result.line) }
        if arguments.count > 2 {
            let document: JSONValue = [
                "unit": "ns", "rounds": JSONValue(rounds), "results": .array(results.map(\.value)),
            ]
            try Data(document.bytes(pretty: true)).write(to: URL(fileURLWithPath: arguments[2]))
        }
    }

    struct Failure: Error, CustomStringConvertible {
        var reason: String
        var description: String { reason }
    }
}

/// What it cost, in nanoseconds of this thread's processor time.
struct Result {
    let body: Body
    /// Medians.
    let ours: Double
    let foundation: Double
    /// Median of the rounds, each of which measured both side by side.
    let ratio: Double

    init(_ body: Body, rounds: Int) throws {
        self.body = body
        // Enough for a millisecond or so.
        let times = max(1, 200_000 / body.bytes.count)
        var measured: [(ours: Double, foundation: Double)] = []
        for _ in 0...rounds {
            measured.append(
                (Self.time(times) { body.check(times: times) }, try Self.time(times) { try body.decode(times: times) }))
        }
        // The first round warms up.
        measured.removeFirst()
        ours = Self.median(measured.map(\.ours))
        foundation = Self.median(measured.map(\.foundation))
        ratio = Self.median(measured.map { $0.ours / $0.foundation })
    }

    var line: String {
        func nanoseconds(_ value: Double) -> String { "\(Int(value.rounded())) ns" }
        return "\(body.name), \(body.bytes.count) bytes: read and checked \(nanoseconds(ours)), JSONSerialization "
            + "\(nanoseconds(foundation)), ratio \((ratio * 1000).rounded() / 1000)"
    }

    var value: JSONValue {
        [
            "body": .string(body.name), "bytes": JSONValue(body.bytes.count), "ours": JSONValue(ours.rounded()),
            "foundation": JSONValue(foundation.rounded()), "ratio": JSONValue((ratio * 10_000).rounded() / 10_000),
        ]
    }

    private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

    private static func time(_ operations: Int, _ body: () throws -> Void) rethrows -> Double {
        let start = nanoseconds()
        try body()
        return Double(nanoseconds() - start) / Double(operations)
    }

    /// Processor time of this thread, so that other programs count less.
    private static func nanoseconds() -> UInt64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
