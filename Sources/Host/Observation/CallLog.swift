// The log's line of a call, made of its report alone: equal calls have equal lines.

import HostBase
import Logging
import NIOCore

/// Writes one line for each call.
public struct CallLog: CallObserver {
    public let handler: LineLogHandler

    public init(handler: LineLogHandler) {
        self.handler = handler
    }

    public func ended(_ call: CallReport) {
        switch call.way {
        case .rest:
            handler.log(.info, "call") { line in
                Self.addCaller(call, to: &line)
                Self.addEnd(call, to: &line)
                Self.addSubject(call, to: &line)
            }
        case .restHead(let method, let path):
            // It never became one.
            handler.request(
                from: call.address, by: call.client, method, path, id: call.requestID, status: call.status,
                reason: call.reason, call.time)
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

extension LineLogHandler {
    /// Writes the line of a request that is no call, or never became one.
    public func request(
        from address: String?, by client: String?, _ method: String, _ path: String, id: String, status: Int,
        reason: String?, _ time: TimeAmount
    ) {
        log(.info, "request") { line in
            if let address { line.add(.address, address) }
            if let client { line.add(.client, client) }
            line.add(.method, method)
            line.add(.milliseconds, time.microseconds, decimals: 3)
            line.add(.path, path)
            if let reason { line.add(.reason, reason) }
            line.add(.requestID, id)
            line.add(.status, status)
        }
    }
}

extension TimeAmount {
    /// In whole microseconds, never less than none.
    public var microseconds: Int { max(0, Int(nanoseconds / 1000)) }
}
