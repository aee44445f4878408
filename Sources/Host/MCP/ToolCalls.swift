// `tools/call` on the way to the one pipeline that REST uses, too, and what its ending reads like.

import HostAuth
import HostCalls
import HostDoor
import HostHTTP
import HostObservation
import NIOCore
import NIOHTTP1

/// Makes calls and answers them. A class, since every open call refers to it.
final class ToolCalls: Sendable {
    let open = CancellableCalls()
    private let pipeline: CallPipeline
    private let door: Door
    private let resultLimit: ResultLimit

    init(pipeline: CallPipeline, door: Door, resultLimit: ResultLimit) {
        self.pipeline = pipeline
        self.door = door
        self.resultLimit = resultLimit
    }

    // MARK: Answering

    func answer(_ demand: CallDemand, _ question: Question) {
        answer(demand, of: question.request.edition.snapshot.tool(named: demand.name), question)
    }

    /// - Parameter tool: that of the demand's name; `nil` where there is none.
    func answer(_ demand: CallDemand, of tool: ServedTool?, _ question: Question) {
        let (reply, exchange) = (question.turn.reply, question.turn.exchange)
        exchange.note?.tool = tool
        var call: PreparedCall
        do {
            call = try PreparedCall(demand, of: tool, question, door)
        } catch {
            exchange.note?.traceparent = error.traceparent
            return reply.answer(response(to: error, question), ending: error.report)
        }
        exchange.note?.traceparent = call.context.traceparent
        guard let token = demand.progressToken, exchange.takesStreams, question.request.forms != .json else {
            let started = run(call, question) { reply.answer($0.response, ending: $0.report) }
            if question.era.row.goneIsCancelled, let started { reply.hold(started) }
            return
        }
        let stream = CallStream(reply: reply, token: token, era: question.era)
        reply.hold(stream)
        call.context = call.context.reporting { stream.report($0, $1, $2) }
        stream.attach(run(call, question) { stream.end($0) })
    }

    private func response(to objection: CallObjection, _ question: Question) -> Response {
        switch objection {
        case .unknown(let error), .error(let error):
            return question.response(error)
        case .refused(let objection, let tool):
            let request = question.request
            return request.edition.answers.response(objection, to: tool, endpoint: request.endpoint, id: question.id)
        case .early, .unfit:
            return ending(of: objection, question).response
        }
    }

    /// How a call ends that is not made, where it has neither status nor fields of its own.
    func ending(of objection: CallObjection, _ question: Question) -> ProgressQueue.Ending {
        let (id, request, report) = (question.id, question.request, objection.report)
        let problem: Problem
        switch objection {
        case .unknown(let error), .error(let error):
            return ProgressQueue.Ending(body: error.body(id: id), reason: error.code.label, report: report)
        case .refused(let objection, _):
            let error = request.edition.answers.error(objection)
            return ProgressQueue.Ending(body: error.body(id: id), reason: objection.reason, report: report)
        case .early(let notNow): problem = Problem(inResult: notNow)
        case .unfit(let unfit, _): problem = unfit
        }
        // In words for the model.
        let body = request.edition.results(question.era).failure(problem, id: id, requestID: request.id)
        return ProgressQueue.Ending(body: body, reason: problem.code, report: report)
    }

    // MARK: Running

    /// - Parameter ended: called once, on any thread, perhaps before this returns.
    /// - Returns: the call, to be abandoned when nobody waits for it any more; `nil` when it did not start.
    func run(
        _ call: PreparedCall, _ question: Question, ended: @escaping @Sendable (ProgressQueue.Ending) -> Void
    ) -> Call? {
        let (id, era, request) = (question.id, question.era, question.request)
        let key = question.session.map { CancellableCalls.Key(session: $0, request: id) }
        let place = key.flatMap { open.open($0) }
        if key != nil, place == nil {
            let error = RPCError(.invalidRequest, "This session has an open request with this id.")
            let report = CallEnding(.unfit)
            ended(ProgressQueue.Ending(body: error.body(id: id), reason: error.code.label, report: report))
            return nil
        }
        let started = pipeline.start(
            call.tool, arguments: call.arguments, context: call.context, on: question.turn.reply.eventLoop
        ) {
            end in
            if let place, self.open.close(place) {
                ended(ProgressQueue.Ending(body: nil, reason: "cancelled", report: CallEnding(.cancelled, end)))
            } else {
                ended(self.ending(end, id: id, era, of: request))
            }
        }
        if let place, let started { open.started(place, started) }
        return started
    }

    private func ending(
        _ end: CallEnd, id: RPCID, _ era: ProtocolVersion.Era, of request: MCPRequest
    ) -> ProgressQueue.Ending {
        let results = request.edition.results(era)
        do {
            let content = try resultLimit.result(of: end.outcome)
            return ProgressQueue.Ending(
                message: .result(results.success(content, id: id)), report: CallEnding(.done, end))
        } catch {
            var kind: AuthenticationFailure.Kind?
            if case .failure(let failure) = end.outcome, failure.status == .denied { kind = .insufficientScope([]) }
            let body = results.failure(
                error, id: id, requestID: request.id,
                challenge: kind.flatMap { request.edition.challenge($0, endpoint: request.endpoint) })
            return ProgressQueue.Ending(body: body, reason: error.code, report: CallEnding(.failed, end))
        }
    }
}
