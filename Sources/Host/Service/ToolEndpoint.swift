// The REST form of a call: POST /tools/{name} with the arguments as body and the result as answer.

import HostCaller
import HostCalls
import HostDocuments
import HostDoor
import HostHTTP
import HostObservation
import HostTools
import NIOCore
import NIOHTTP1

/// Turns requests into calls and outcomes into responses.
struct ToolEndpoint: Sendable {
    let pipeline: CallPipeline
    let resultLimit: ResultLimit

    /// Whether this caller may call this tool, judged before the body is read.
    func plan(
        _ name: String, _ request: Request, _ principal: Principal, _ address: String?, _ edition: Edition,
        _ door: Door
    ) throws(Objection) -> HeadDecision<ToolRequest> {
        guard let tool = edition.snapshot.tool(named: name) else {
            return .answer(unknown(name, edition, for: principal))
        }
        try door.admit(
            callOf: tool.name, in: tool.descriptor.packID, scopes: tool.descriptor.scopes, by: principal, from: address,
            under: edition.policy)
        let isJSON = CallFields.isJSON(request.fields)
        // A client that has nothing to send mostly says nothing of its type either.
        guard isJSON || !Self.announcesBody(request.fields) else { return .answer(CallFields.notJSON.response()) }
        guard CallFields.isPlain(request.fields) else {
            return .answer(CallFields.compressed.response())
        }
        let key = request.fields[.idempotencyKey]
        guard key.count <= 1, let idempotencyKey = CallFields.idempotencyKey(key.first) else {
            return .answer(
                Problem(
                    .badRequest, "idempotency_key",
                    "Idempotency-Key must be one string of 1 to 255 printable characters, quoted or not."
                ).response())
        }
        return .read(
            ToolRequest(
                tool: tool, isJSON: isJSON, hasQuery: request.query != nil,
                context: CallDetails(
                    requestID: request.id, principal: principal,
                    ephemeralUser: CallFields.plainText(request.fields.first(.ephemeralUser)),
                    conversationID: CallFields.plainText(request.fields.first(.conversationID)) ?? "",
                    idempotencyKey: idempotencyKey,
                    traceparent: CallFields.plainText(request.fields.first(.traceparent)) ?? "",
                    userToken: CallDetails.verifiedUserToken(request.fields[.userToken], of: principal))))
    }

    /// The answer to a name that no tool has.
    func unknown(_ name: String, _ edition: Edition, for principal: Principal) -> Response {
        let question = edition.snapshot.question(about: name, for: principal, under: edition.policy)
        return Problem(
            .notFound, "unknown_tool",
            "There is no such tool\(question.isEmpty ? "; " : ". \(question) ")"
                + "/openapi.json lists the tools there are."
        ).response()
    }

    /// What the tool is to be given for a body.
    ///
    /// - Throws: what is wrong with it.
    func arguments(in body: [UInt8], for request: ToolRequest) throws(Problem) -> [UInt8] {
        guard request.isJSON || body.isEmpty else { throw CallFields.notJSON }
        do {
            return try CallPipeline.check(body, for: request.tool)
        } catch {
            throw Problem(error, hasQuery: request.hasQuery)
        }
    }

    /// Calls with arguments that were checked.
    ///
    /// - Parameter respond: called once, on any thread.
    func call(
        _ request: ToolRequest, arguments: [UInt8], on eventLoop: any EventLoop,
        respond: @escaping @Sendable (CallEnd) -> Void
    ) -> Call? {
        pipeline.start(request.tool, arguments: arguments, context: request.context, on: eventLoop, respond: respond)
    }

    func response(to outcome: CallOutcome) -> (response: Response, outcome: CallEnding.Outcome) {
        do {
            return (.json(.result(try resultLimit.result(of: outcome))), .done)
        } catch {
            return (error.response(), .failed)
        }
    }

    /// Whether a body will follow that is not empty, as far as the head tells: one in chunks may turn out to be.
    private static func announcesBody(_ fields: RequestFields) -> Bool {
        fields.first(.contentLength).map { Int($0) != 0 } ?? false
    }
}
