// Calls of which lines of the log may come after their results: those take another way, and nobody waits for them.

import DequeModule
import HostCaller
import HostCalls
import ToolABI

/// The latest of a runner's settled calls that have lines in the log.
struct Speakers {
    /// What a line says of its call.
    struct Speaker {
        var tool: String
        var requestID: String
        var traceparent: String

        init(_ call: Call) {
            tool = call.tool.name
            requestID = call.context.requestID
            traceparent = call.context.traceparent
        }
    }

    /// How many there are at most: lines of earlier ones have no request any more.
    private static let limit = 1024

    private var speakers: [tool_call_id: Speaker] = [:]
    private var order: Deque<tool_call_id> = []

    subscript(id: tool_call_id) -> Speaker? { speakers[id] }

    mutating func add(_ call: Call) {
        guard speakers.updateValue(Speaker(call), forKey: call.id) == nil else { return }
        order.append(call.id)
        if order.count > Self.limit, let oldest = order.popFirst() { speakers[oldest] = nil }
    }
}
