// One line for each request that is no call: what was asked, how it ended, how long it took.

import Logging
import NIOCore
import NIOHTTP1

/// Writes the log of requests. Bodies, query strings and credentials never reach it.
struct RequestLog: Sendable {
    let handler: LineLogHandler

    func ended(_ exchange: Exchange, status: UInt, reason: String?) {
        let time = NIODeadline.now() - exchange.started
        // What never was a request is none of the host's own.
        let own = exchange as? HostExchange
        guard let note = own?.note else {
            return handler.log(.info, "request") { line in
                addCaller(exchange, own, to: &line)
                line.add(.method, exchange.method.rawValue)
                line.add(.milliseconds, time.microseconds, decimals: 3)
                line.add(.path, exchange.path)
                addEnd(exchange, status, reason, to: &line)
            }
        }
        handler.log(.info, "mcp") { line in
            addCaller(exchange, own, to: &line)
            line.add(.era, note.era)
            line.add(.method, note.method)
            line.add(.milliseconds, time.microseconds, decimals: 3)
            addEnd(exchange, status, reason, to: &line)
            if let subject = own?.principal?.subject { line.add(.subject, subject) }
            if !note.traceparent.isEmpty { line.add(.traceparent, note.traceparent) }
        }
    }

    private func addCaller(_ exchange: Exchange, _ own: HostExchange?, to line: inout LogLine) {
        if let address = exchange.client { line.add(.address, address) }
        if let principal = own?.principal { line.add(.client, principal.clientID) }
    }

    private func addEnd(_ exchange: Exchange, _ status: UInt, _ reason: String?, to line: inout LogLine) {
        if let reason { line.add(.reason, reason) }
        line.add(.requestID, exchange.id)
        line.add(.status, Int(status))
    }
}
