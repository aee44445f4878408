// The log's line of a call, made of its report alone: equal calls have equal lines.

import Logging
import NIOCore

/// Writes one line for each call.
struct CallLog: CallObserver {
    let handler: LineLogHandler

    func ended(_ call: CallReport) {
        switch call.way {
        case .rest:
            handler.log(.info, "call") { line in
                Self.addCaller(call, to: &line)
                Self.addEnd(call, to: &line)
                Self.addSubject(call, to: &line)
            }
        case .restHead(let method, let path):
            // It never became one.
            handler.log(.info, "request") { line in
                Self.addCaller(call, to: &line)
                line.add(.method, method)
                line.add(.milliseconds, call.time.microseconds, decimals: 3)
                line.add(.path, path)
                if let reason = call.reason { line.add(.reason, reason) }
                line.add(.requestID, call.requestID)
                line.add(.status, call.status)
            }
        case .mcp(let era), .batch(let era):
            handler.log(.info, "mcp") { line in
                Self.addCaller(call, to: &line)
                line.add(.era, era)
                line.add(.method, "tools/call")
                Self.addEnd(call, to: &line)
                Self.addSubject(call, to: &line)
            }
        }
    }

    // MARK: Fields that stand side by side, since all are sorted by name

    private static func addCaller(_ call: CallReport, to line: inout LogLine) {
        if let address = call.address { line.add(.address, address) }
        if let client = call.client { line.add(.client, client) }
    }

    private static func addEnd(_ call: CallReport, to line: inout LogLine) {
        line.add(.milliseconds, call.time.microseconds, decimals: 3)
        if let pack = call.pack { line.add(.pack, pack) }
        if let reason = call.reason { line.add(.reason, reason) }
        line.add(.requestID, call.requestID)
        if call.status != 0 { line.add(.status, call.status) }
    }

    private static func addSubject(_ call: CallReport, to line: inout LogLine) {
        if let subject = call.subject { line.add(.subject, subject) }
        if let tool = call.tool { line.add(.tool, tool) }
        if !call.traceparent.isEmpty { line.add(.traceparent, call.traceparent) }
    }
}

extension TimeAmount {
    /// In whole microseconds, never less than none.
    var microseconds: Int { max(0, Int(nanoseconds / 1000)) }
}
