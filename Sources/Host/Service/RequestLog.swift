// One line for each request that is no call: what was asked, how it ended, how long it took.

import HostBase
import HostCaller
import HostHTTP
import HostMCP
import HostObservation
import Logging
import NIOCore
import NIOHTTP1

/// Writes the log of requests. Bodies, query strings and credentials never reach it.
struct RequestLog: Sendable {
    let handler: LineLogHandler

    /// - Parameter own: the same as an exchange of the host; `nil` for what never was a request.
    func ended(_ exchange: Exchange, _ own: HostExchange?, status: UInt, reason: String?) {
        let time = NIODeadline.now() - exchange.started
        guard let note = own?.note else {
            return handler.request(
                from: exchange.client, by: own?.principal?.clientID, exchange.method.rawValue, exchange.path,
                id: exchange.id, status: Int(status), reason: reason, time)
        }
        handler.log(.info, "mcp") { line in
            if let address = exchange.client { line.add(.address, address) }
            if let principal = own?.principal { line.add(.client, principal.clientID) }
            line.add(.era, note.era)
            line.add(.method, note.method)
            line.add(.milliseconds, time.microseconds, decimals: 3)
            if let reason { line.add(.reason, reason) }
            line.add(.requestID, exchange.id)
            line.add(.status, Int(status))
            if let subject = own?.principal?.subject { line.add(.subject, subject) }
            if !note.traceparent.isEmpty { line.add(.traceparent, note.traceparent) }
        }
    }
}
