// What is known of a call over REST before its body is read.

import HostCalls

/// A call that is allowed and only lacks its arguments.
struct ToolRequest: Sendable {
    var tool: ServedTool
    /// Whether the head says that the body is JSON. Where it does not, only an empty body will do.
    var isJSON: Bool
    /// Whether the URL has a query, which nobody reads.
    var hasQuery: Bool
    var context: CallDetails
}
