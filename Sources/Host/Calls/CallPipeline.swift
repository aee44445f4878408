// The way of a call from a known caller to a running tool, the same for REST and MCP.

import NIOCore

/// Checks arguments (`CallPipeline+Arguments.swift`) and starts calls.
public struct CallPipeline: Sendable {
    public let calls: CallTable

    public init(calls: CallTable) {
        self.calls = calls
    }

    /// Starts a call whose arguments were checked.
    ///
    /// - Parameter respond: called once: before this returns when the tool ran inline and settled at once or there is
    ///   no room for the call, else later on any thread.
    /// - Returns: the call, to be abandoned when the client goes away.
    @discardableResult
    public func start(
        _ tool: ServedTool, arguments: [UInt8], context: CallDetails, on eventLoop: any EventLoop,
        respond: @escaping @Sendable (CallEnd) -> Void
    ) -> Call? {
        let call = Call(
            id: calls.nextID(), tool: tool, context: context, arguments: arguments,
            deadline: .now() + tool.timeout, isInline: tool.inline?.mayRunInline ?? false,
            home: tool.desk.home(of: eventLoop), respond: respond)
        if let failure = tool.desk.start(call, on: eventLoop) {
            respond(CallEnd(refusing: failure, argumentBytes: arguments.count))
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

    /// The memory that the host shares with the pack's process is full.
    public static let noRoom = CallFailure(
        status: .busy, message: "This tool's pack has no room for more calls; try again in a moment.",
        retryAfterMilliseconds: 1000)

    /// `TOOL_PACK_WORKERS` are kept by calls beyond their deadlines, perhaps for ever.
    static let stuck = CallFailure(
        status: .unavailable, message: "This tool's pack is stuck in earlier calls; its operator has been told.",
        retryAfterMilliseconds: 5000)
}
