// The answer to a call whose client wants to hear of progress: a stream from the first report on, plain JSON without
// one.

import HostCalls
import HostHTTP
import HostObservation
import JSON
import NIOCore
import NIOHTTP1
import Synchronization

/// Carries progress and the result of one call to its client. Reports and the ending come from any thread.
final class CallStream: AnswerSource {
    private let reply: Responder
    private let token: RPCID
    private let goneIsCancelled: Bool
    private let state = Mutex(State())

    private struct State {
        var queue = ProgressQueue()
        var call: Call?
        var isGone = false
    }

    init(reply: Responder, token: RPCID, era: ProtocolVersion.Era) {
        self.reply = reply
        self.token = token
        goneIsCancelled = era.row.goneIsCancelled
    }

    func report(_ done: Double, _ total: Double, _ message: String?) {
        let mustDrain = state.withLock {
            $0.queue.report(ProgressQueue.Report(done: done, total: total, message: message))
        }
        // Also on the event loop: an inline tool reports in the middle of its work.
        if mustDrain { reply.eventLoop.execute { self.drain() } }
    }

    func end(_ ending: ProgressQueue.Ending) {
        guard state.withLock({ $0.queue.end(ending) }) else { return }
        reply.onLoop { self.drain() }
    }

    /// The call that this is the answer of, once it runs.
    func attach(_ call: Call?) {
        let isGone = state.withLock { state in
            // An inline tool has ended by now. To keep its call would be for good: the call holds this stream in turn.
            if !state.queue.isOver { state.call = call }
            return state.isGone
        }
        if isGone, goneIsCancelled, let call { call.tool.desk.abandon(call) }
    }

    // MARK: On the event loop

    func resume() { drain() }

    func gone() {
        let call = state.withLock { state in
            state.isGone = true
            state.queue.close()
            defer { state.call = nil }
            return state.call
        }
        if goneIsCancelled, let call { call.tool.desk.abandon(call) }
    }

    private func drain() {
        let canTake = reply.canTake
        let steps = state.withLock { state in
            let steps = state.queue.take(canTake: canTake)
            if steps.ending != nil { state.call = nil }
            return steps
        }
        if steps.begins { reply.begin(ServerSentEvent.head) }
        var unsent = steps.reports[...]
        while reply.canTake, let report = unsent.popFirst() {
            reply.send(ServerSentEvent.message(notification(report)))
        }
        if !unsent.isEmpty { state.withLock { $0.queue.giveBack(unsent) } }
        guard let ending = steps.ending else { return }
        guard steps.isStream else { return reply.answer(ending.response, ending: ending.report) }
        if let body = ending.body { reply.send(ServerSentEvent.message(body)) }
        reply.end(reason: ending.reason, ending: ending.report)
    }

    private func notification(_ report: ProgressQueue.Report) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("progressToken")
        token.write(to: &writer)
        writer.key("progress")
        writer.number(report.done)
        if report.total > 0 {
            writer.key("total")
            writer.number(report.total)
        }
        if let message = report.message, !message.isEmpty {
            writer.key("message")
            writer.string(message)
        }
        writer.endObject()
        return RPCEnvelope.notification("notifications/progress", params: writer.finish())
    }
}

extension ProgressQueue.Ending {
    init(body: [UInt8]?, reason: String?, report: CallEnding? = nil) {
        self.init(message: body.map { .bytes($0) }, reason: reason, report: report)
    }

    /// The ending of a call that was never a stream.
    var response: Response {
        // No response in JSON-RPC is due to a request that its client has cancelled, but HTTP wants one.
        guard let message else { return Response(status: .accepted, reason: reason) }
        switch message {
        case .bytes(let bytes): return .json(.bytes(bytes), reason: reason)
        case .result(let message): return .json(.framed(message), reason: reason)
        }
    }
}
