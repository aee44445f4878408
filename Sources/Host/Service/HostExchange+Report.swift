// What is reported of an exchange that was a call.

import HostCaller
import HostCalls
import HostHTTP
import HostMCP
import HostObservation
import NIOCore
import NIOHTTP1

extension HostExchange {
    /// Reports what was a call. The report goes straight to those who hear of it: one that was handed on first would be
    /// copied, 300 instructions of a call. What it is made of is taken out, which nobody asks for any more: a copy of
    /// it is 70 to 90.
    ///
    /// - Returns: `false` where it was none, or where nobody knows which tool was meant.
    func report(_ end: ExchangeEnd, to observers: CallObservers) -> Bool {
        if case .call = purpose, case .call(let request) = purpose.take() {
            report(end, of: request.tool, .rest, request.context.traceparent, to: observers)
        } else if note != nil {
            guard note?.tool != nil || ending != nil, let note = note.take() else { return false }
            report(end, of: note.tool, .mcp(era: note.era), note.traceparent, to: observers)
        } else {
            guard ending != nil else { return false }
            report(end, of: turnedAway, .restHead(method: method.rawValue, path: path), "", to: observers)
        }
        return true
    }

    /// What is reported of the calls of a batch, each of which has a report of its own.
    func reports(ofBatch end: ExchangeEnd) -> [CallReport] {
        guard let batch else { return [] }
        // None is open where all are answered.
        return batch.end(end.outcome(isKnown: false) ?? .failed, reason: end.reason)
    }

    private func report(
        _ end: ExchangeEnd, of tool: ServedTool?, _ way: CallReport.Way, _ traceparent: String,
        to observers: CallObservers
    ) {
        var ending = ending ?? CallEnding(.unfit)
        if let outcome = end.outcome(isKnown: self.ending != nil) { ending.outcome = outcome }
        observers.ended(
            CallReport(
                client: principal?.clientID, subject: principal?.subject, address: client, requestID: id,
                traceparent: traceparent, way: way, tool: tool?.name, pack: tool?.desk.id, ending: ending,
                reason: end.reason, status: Int(end.status), time: NIODeadline.now() - started))
    }
}

extension ExchangeEnd {
    var status: UInt {
        switch self {
        case .answered(let status, _): status
        // What nginx writes then.
        case .gone: 499
        case .cut: 503
        }
    }

    var reason: String? {
        switch self {
        case .answered(_, let reason): reason
        case .gone: "client_gone"
        case .cut: "stopping"
        }
    }

    /// What becomes of a call by this end, whatever else is known of it.
    ///
    /// - Parameter isKnown: whether somebody has said how it ended.
    fileprivate func outcome(isKnown: Bool) -> CallEnding.Outcome? {
        switch self {
        // The connection has answered for itself, as it does where the host stops before a body is there.
        case .answered(503, _): isKnown ? nil : .cut
        case .answered: nil
        case .gone: .gone
        case .cut: .cut
        }
    }
}
