// The methods of MCP by their names, as far as they mean something in both eras or in the log.

/// Names of methods.
enum MCPMethod {
    static let initialize = "initialize"
    static let list = "tools/list"
    /// The one that has to be quick.
    static let call = "tools/call"

    /// Method names are bounded in the log.
    private static let known: Set<String> = [
        initialize, "ping", list, call, "server/discover", "subscriptions/listen",
        "notifications/initialized", "notifications/cancelled", "notifications/progress",
        "notifications/roots/list_changed",
        "resources/list", "resources/templates/list", "resources/read", "prompts/list", "prompts/get",
        "logging/setLevel", "completion/complete",
    ]

    static func label(of method: String) -> String {
        if method == call { return method }
        return method.isEmpty ? "response" : known.contains(method) ? method : "other"
    }
}
