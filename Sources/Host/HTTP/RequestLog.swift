// One line for each request: who called what, how it ended, how long it took.

import Logging
import NIOCore
import NIOHTTP1

/// Writes the log of requests. Bodies, query strings and credentials never reach it.
struct RequestLog: Sendable {
    let handler: LineLogHandler

    func ended(_ exchange: Exchange, _ end: ExchangeEnd) {
        switch end {
        case .answered(let status, let reason): write(exchange, status: status, reason: reason)
        // 499 is what nginx writes then.
        case .gone: write(exchange, status: 499, reason: "client_gone")
        case .cut: write(exchange, status: 503, reason: "stopping")
        }
    }

    /// One call of a batch ended; the batch is a line of its own, with the id that this one's begins with.
    func ended(_ call: BatchedCall, address: String?) {
        let principal = call.request.principal
        handler.log(.info, "mcp") { line in
            if let address { line.add(.address, address) }
            line.add(.client, principal.clientID)
            line.add(.era, ProtocolVersion.Era.legacy.rawValue)
            line.add(.method, "tools/call")
            line.add(.milliseconds, (NIODeadline.now() - call.started).microseconds, decimals: 3)
            if let tool = call.tool { line.add(.pack, tool.desk.id) }
            if let reason = call.reason { line.add(.reason, reason) }
            line.add(.requestID, call.request.id)
            if let subject = principal.subject { line.add(.subject, subject) }
            addTool(call.tool, traceparent: call.traceparent, to: &line)
        }
    }

    private func write(_ exchange: Exchange, status: UInt, reason: String?) {
        let time = NIODeadline.now() - exchange.started
        // What never was a request is none of the host's own.
        guard let exchange = exchange as? HostExchange else {
            return writeRequest(exchange, time, status: status, reason: reason)
        }
        if let note = exchange.note {
            handler.log(.info, "mcp") { line in
                addCaller(exchange, to: &line)
                line.add(.era, note.era)
                line.add(.method, note.method)
                addEnd(time, tool: note.tool, reason: reason, exchange, status, to: &line)
                if let subject = exchange.principal?.subject { line.add(.subject, subject) }
                addTool(note.tool, traceparent: note.traceparent, to: &line)
            }
        } else if case .call(let request) = exchange.purpose {
            handler.log(.info, "call") { line in
                addCaller(exchange, to: &line)
                addEnd(time, tool: request.tool, reason: reason, exchange, status, to: &line)
                if let subject = exchange.principal?.subject { line.add(.subject, subject) }
                addTool(request.tool, traceparent: request.context.traceparent, to: &line)
            }
        } else {
            writeRequest(exchange, time, status: status, reason: reason)
        }
    }

    private func writeRequest(_ exchange: Exchange, _ time: TimeAmount, status: UInt, reason: String?) {
        handler.log(.info, "request") { line in
            addCaller(exchange, to: &line)
            line.add(.method, exchange.method.rawValue)
            line.add(.milliseconds, time.microseconds, decimals: 3)
            line.add(.path, exchange.path)
            if let reason { line.add(.reason, reason) }
            line.add(.requestID, exchange.id)
            line.add(.status, Int(status))
        }
    }

    // MARK: Fields that stand side by side, since all are sorted by name

    private func addCaller(_ exchange: Exchange, to line: inout LogLine) {
        if let address = exchange.client { line.add(.address, address) }
        if let principal = (exchange as? HostExchange)?.principal { line.add(.client, principal.clientID) }
    }

    private func addEnd(
        _ time: TimeAmount, tool: ServedTool?, reason: String?, _ exchange: Exchange, _ status: UInt,
        to line: inout LogLine
    ) {
        line.add(.milliseconds, time.microseconds, decimals: 3)
        if let tool { line.add(.pack, tool.desk.id) }
        if let reason { line.add(.reason, reason) }
        line.add(.requestID, exchange.id)
        line.add(.status, Int(status))
    }

    private func addTool(_ tool: ServedTool?, traceparent: String, to line: inout LogLine) {
        if let tool { line.add(.tool, tool.name) }
        if !traceparent.isEmpty { line.add(.traceparent, traceparent) }
    }
}

extension TimeAmount {
    fileprivate var microseconds: Int { max(0, Int(nanoseconds / 1000)) }
}
