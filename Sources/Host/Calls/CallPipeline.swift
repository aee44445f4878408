// The way of a call from a known caller to a running tool, the same for REST and MCP.

import JSONSchema
import NIOCore

/// Checks arguments and starts calls.
struct CallPipeline: Sendable {
    let calls: CallTable

    /// Why arguments never reached the tool.
    enum ArgumentsError: Error {
        case malformed(JSONSyntaxError)
        case notAnObject
        case violations([SchemaViolation])
    }

    /// The most violations that are told at once.
    private static let violationLimit = 16

    /// - Throws: `ArgumentsError` when the bytes are not one JSON object that fits the tool's input schema.
    static func check(_ arguments: [UInt8], for tool: ServedTool) throws(ArgumentsError) {
        // Every input schema asks for an object.
        if tool.inputSchema.accepts(arguments) { return }
        let document: JSONDocument
        do {
            document = try JSONDocument(parsing: arguments)
        } catch {
            throw .malformed(error)
        }
        guard document.root.kind == .object else { throw .notAnObject }
        let violations = tool.inputSchema.validate(document, limit: violationLimit)
        guard violations.isEmpty else { throw .violations(violations) }
    }

    /// The same for arguments inside a larger document that was parsed already.
    ///
    /// - Returns: the arguments as the client wrote them.
    static func check(_ arguments: JSONNode, for tool: ServedTool) throws(ArgumentsError) -> [UInt8] {
        guard let text = arguments.sourceText, arguments.kind == .object else { throw .notAnObject }
        // Told once more from the arguments alone: a violation names its place in them, not in the message around.
        if !tool.inputSchema.accepts(text, parsedAs: arguments) { try check(text, for: tool) }
        return text
    }

    /// Starts a call whose arguments were checked.
    ///
    /// - Parameter respond: called once: before this returns when the tool ran inline and settled at once or there is no
    ///   room for the call, else later on any thread.
    /// - Returns: the call, to be abandoned when the client goes away.
    @discardableResult
    func start(
        _ tool: ServedTool, arguments: [UInt8], context: CallContext, on eventLoop: any EventLoop,
        respond: @escaping @Sendable (CallOutcome) -> Void
    ) -> Call? {
        let call = Call(
            id: calls.nextID(), tool: tool, context: context, arguments: arguments,
            deadline: .now() + tool.timeout, isInline: tool.inline?.mayRunInline ?? false, respond: respond)
        if let failure = tool.pack.start(call, on: eventLoop) {
            respond(.failure(failure))
            return nil
        }
        return call
    }
}

extension CallFailure {
    /// `TOOL_PACK_CALLS` are open.
    static let full = CallFailure(
        status: .busy, message: "Too many calls of this tool's pack are open; try again in a moment.",
        retryAfterMilliseconds: 1000)

    /// `TOOL_PACK_WORKERS` are kept by calls beyond their deadlines, perhaps for ever.
    static let stuck = CallFailure(
        status: .unavailable, message: "This tool's pack is stuck in earlier calls; its operator has been told.",
        retryAfterMilliseconds: 5000)
}
