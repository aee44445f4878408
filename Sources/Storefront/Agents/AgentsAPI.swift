// Where the shop's agents are reached, and how they are asked.

import JSON
import ToolSDK

/// The agents API of a shop: `POST {base}/api/mcp/agents/{agent}`.
package struct AgentsAPI: Sendable, Hashable {
    /// Without a slash at its end.
    package let base: String

    /// - Parameter url: Absolute, http or https, perhaps with a path that stands before those of the API.
    /// - Throws: ``ToolError`` that never repeats the URL, since somebody may have put a password into it.
    package init(url: String) throws(ToolError) {
        let scheme = ["https://", "http://"].first { url.lowercased().hasPrefix($0) }
        guard let scheme, url.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .invalid("The URL of the agents API is not an absolute http or https URL.")
        }
        let rest = url.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" }
        guard !authority.isEmpty, !authority.contains("@"), !rest.contains("?"), !rest.contains("#") else {
            throw .invalid(
                "The URL of the agents API needs a host, and takes no user name, query or fragment: credentials are set "
                    + "with AGENTS_API_KEY or AGENTS_OAUTH2_*.")
        }
        var base = url[...]
        while base.last == "/" { base = base.dropLast() }
        self.base = String(base)
    }

    /// Answers 2xx while the agents can work.
    package var health: String { base + "/health" }

    /// What an agent is asked: the tool's arguments beside the action, and the conversation where there is one.
    func request(_ action: AgentAction, _ arguments: JSONObject, conversation: String?) -> HTTPRequest {
        var body: JSONObject = ["action": .string(action.name)]
        body["threadId"] = conversation.map(JSONValue.string)
        for (name, value) in arguments where body[name] == nil { body[name] = value }
        return HTTPRequest(
            .post, "\(base)/api/mcp/agents/\(action.agent)",
            headers: [("Content-Type", "application/json"), ("Accept", "application/json")],
            body: JSONValue.object(body).bytes())
    }
}
