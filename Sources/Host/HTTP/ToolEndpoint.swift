// The REST form of a call: POST /tools/{name} with the arguments as body and the result as answer.

import NIOCore
import NIOHTTP1

/// Turns requests into calls and outcomes into responses.
struct ToolEndpoint: Sendable {
    let pipeline: CallPipeline
    let resultLimit: ResultLimit

    /// Whether this caller may call this tool, judged before the body is read.
    func plan(
        _ name: String, _ request: Request, _ principal: Principal, _ address: String?, _ snapshot: Snapshot,
        _ door: Door
    ) throws(Objection) -> HeadDecision<ToolRequest> {
        guard let tool = snapshot.tool(named: name) else {
            return .answer(unknown(name, snapshot, for: principal, door))
        }
        try door.call(
            tool.name, of: tool.descriptor.packID, scopes: tool.descriptor.scopes, by: principal, from: address)
        let isJSON = Self.isJSON(request.fields)
        // A client that has nothing to send mostly says nothing of its type either.
        guard isJSON || !Self.announcesBody(request.fields) else { return .answer(Self.notJSON.response()) }
        guard Self.isPlain(request.fields) else {
            return .answer(Self.compressed.response())
        }
        let key = request.fields[.idempotencyKey]
        guard key.count <= 1, let idempotencyKey = Self.idempotencyKey(key.first) else {
            return .answer(
                Problem(
                    .badRequest, "idempotency_key",
                    "Idempotency-Key must be one string of 1 to 255 printable characters, quoted or not."
                ).response())
        }
        return .read(
            ToolRequest(
                tool: tool, isJSON: isJSON, hasQuery: request.query != nil,
                context: CallContext(
                    requestID: request.id, principal: principal,
                    ephemeralUser: Self.plainText(request.fields.first(.ephemeralUser)),
                    conversationID: Self.plainText(request.fields.first(.conversationID)) ?? "",
                    idempotencyKey: idempotencyKey,
                    traceparent: Self.plainText(request.fields.first(.traceparent)) ?? "",
                    userToken: CallContext.verifiedUserToken(request.fields[.userToken], of: principal))))
    }

    /// The answer to a name that no tool has.
    func unknown(_ name: String, _ snapshot: Snapshot, for principal: Principal, _ door: Door) -> Response {
        let question = snapshot.question(about: name, for: principal, door)
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
        guard request.isJSON || body.isEmpty else { throw Self.notJSON }
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

    func response(to outcome: CallOutcome) -> Response {
        do {
            return .json(.result(try resultLimit.result(of: outcome)))
        } catch {
            return error.response()
        }
    }

    /// Whether a body will follow that is not empty, as far as the head tells: one in chunks may turn out to be.
    private static func announcesBody(_ fields: RequestFields) -> Bool {
        fields.first(.contentLength).map { Int($0) != 0 } ?? false
    }

    /// A body of another media type.
    static let notJSON = Problem(
        .unsupportedMediaType, "media_type", "The body must be JSON: send Content-Type: application/json.",
        headers: [("accept-post", MediaRanges.json)])

    /// A body with a content coding. The answer says which one would do (RFC 9110 section 15.5.16).
    static let compressed = Problem(
        .unsupportedMediaType, "content_coding",
        "The body must not be compressed: send it as it is, without Content-Encoding.",
        headers: [("accept-encoding", "identity")])

    /// `application/json`, with any parameters (RFC 8259 section 11 defines none).
    static func isJSON(_ fields: RequestFields) -> Bool {
        guard fields.count(.contentType) == 1, let field = fields.first(.contentType) else { return false }
        if field == "application/json" { return true }
        let type = field.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false)[0]
        return type.trimmed.lowercased() == "application/json"
    }

    /// Without compression, or with what says that there is none.
    static func isPlain(_ fields: RequestFields) -> Bool {
        !fields.contains(.contentEncoding) || fields[.contentEncoding].allSatisfy { $0.lowercased() == "identity" }
    }

    /// The draft makes it a structured-field string, in quotes; most clients send it bare. Empty where there is none,
    /// `nil` where it cannot be a key.
    static func idempotencyKey(_ field: String?) -> String? {
        guard let field else { return "" }
        var key = field[...]
        if key.count >= 2, key.hasPrefix("\""), key.hasSuffix("\"") { key = key.dropFirst().dropLast() }
        let isPlain = key.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C }
        return isPlain && (1...255).contains(key.utf8.count) ? String(key) : nil
    }

    /// A client's own name for something: printable ASCII of sensible length, else as if it were absent.
    static func plainText(_ field: String?) -> String? {
        guard let field, (1...256).contains(field.utf8.count), field.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        return field
    }
}

extension Call: AnswerSource {
    func gone() { tool.desk.abandon(self) }
}
