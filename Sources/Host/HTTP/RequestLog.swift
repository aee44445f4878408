// One line for each request: who called what, how it ended, how long it took.

import Logging
import NIOCore
import NIOHTTP1

/// Writes the log of requests. Bodies, query strings and credentials never reach it.
struct RequestLog: Sendable {
    let logger: Logger

    /// An answer was written.
    func answered(_ exchange: Exchange, _ response: Response) {
        write(exchange, status: response.status.code, reason: response.reason)
    }

    /// The client went away before its answer. 499 is what nginx writes then.
    func gone(_ exchange: Exchange) {
        write(exchange, status: 499, reason: "client_gone")
    }

    private func write(_ exchange: Exchange, status: UInt, reason: String?) {
        var metadata: Logger.Metadata = [
            "request_id": "\(exchange.id)",
            "status": "\(status)",
            "ms": "\(milliseconds(NIODeadline.now() - exchange.started))",
        ]
        if let client = exchange.client { metadata["address"] = "\(client)" }
        if let reason { metadata["reason"] = "\(reason)" }
        if let note = exchange.note {
            metadata["method"] = "\(note.method)"
            metadata["era"] = "\(note.era)"
            if let tool = note.tool {
                metadata["tool"] = "\(tool.name)"
                metadata["pack"] = "\(tool.pack.id)"
            }
            if let principal = exchange.principal {
                metadata["client"] = "\(principal.clientID)"
                if let subject = principal.subject { metadata["subject"] = "\(subject)" }
            }
            if !note.traceparent.isEmpty { metadata["traceparent"] = "\(note.traceparent)" }
            logger.info("mcp", metadata: metadata)
        } else if case .call(let request) = exchange.plan {
            let principal = request.context.principal
            metadata["tool"] = "\(request.tool.name)"
            metadata["pack"] = "\(request.tool.pack.id)"
            metadata["client"] = "\(principal.clientID)"
            if let subject = principal.subject { metadata["subject"] = "\(subject)" }
            if !request.context.traceparent.isEmpty { metadata["traceparent"] = "\(request.context.traceparent)" }
            logger.info("call", metadata: metadata)
        } else {
            metadata["method"] = "\(exchange.method.rawValue)"
            metadata["path"] = "\(exchange.path)"
            if let principal = exchange.principal { metadata["client"] = "\(principal.clientID)" }
            logger.info("request", metadata: metadata)
        }
    }

    /// With three decimals.
    private func milliseconds(_ time: TimeAmount) -> String {
        let microseconds = max(0, time.nanoseconds / 1000)
        let fraction = String(microseconds % 1000)
        return "\(microseconds / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
    }
}
