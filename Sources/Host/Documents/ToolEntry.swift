// How one tool reads in `tools/list`: everything a client, a model and ChatGPT's directory want to know of it.

import HostTools
import JSON

/// Makes MCP's `Tool` (schema of each revision).
public enum ToolEntry {
    /// - Parameter structureIsAnyJSON: whether results may be structured without being objects, and schemas of results
    ///   with them.
    public static func value(
        _ tool: ToolDescriptor, _ deployment: Deployment, structureIsAnyJSON: Bool
    ) -> JSONValue {
        value(
            tool, securitySchemes: securitySchemes(tool, deployment), structureIsAnyJSON: structureIsAnyJSON)
    }

    static func value(
        _ tool: ToolDescriptor, securitySchemes: JSONValue?, structureIsAnyJSON: Bool
    ) -> JSONValue {
        var entry = JSONObject()
        entry["name"] = .string(tool.name)
        entry["title"] = .string(tool.title)
        entry["description"] = .string(ModelText(tool).whole)
        if let icons = icons(tool) { entry["icons"] = icons }
        entry["inputSchema"] = PlainSchema.published(tool.inputSchema)
        if structureIsAnyJSON || tool.outputSchema["type"]?.string == "object" {
            entry["outputSchema"] = PlainSchema.published(tool.outputSchema)
        }
        entry["annotations"] = [
            "title": .string(tool.title),
            "readOnlyHint": .bool(tool.hints.isReadOnly),
            "destructiveHint": .bool(tool.hints.isDestructive),
            "idempotentHint": .bool(tool.hints.isIdempotent),
            "openWorldHint": .bool(tool.hints.isOpenWorld),
        ]
        var meta = JSONObject()
        if let securitySchemes {
            entry["securitySchemes"] = securitySchemes
            meta["securitySchemes"] = securitySchemes
        }
        if !tool.tags.isEmpty { meta["\(MetaKey.prefix)tags"] = .array(tool.tags.map { .string($0) }) }
        meta["\(MetaKey.prefix)pack"] = .string(tool.packID)
        for (key, value) in tool.meta.object ?? [:] where isForClients(key) { meta[key] = value }
        entry["_meta"] = .object(meta)
        return .object(entry)
    }

    /// As ChatGPT's apps read it; left out where callers bring a key of a kind that they have no word for.
    private static func securitySchemes(_ tool: ToolDescriptor, _ deployment: Deployment) -> JSONValue? {
        if deployment.security.isEmpty { return [["type": "noauth"]] }
        guard deployment.security.contains(where: \.usesBearer) else { return nil }
        return [["type": "oauth2", "scopes": .array(deployment.scopes(for: tool).map { .string($0) })]]
    }

    /// The well-formed ones among `meta.icons`: each needs a `src`.
    private static func icons(_ tool: ToolDescriptor) -> JSONValue? {
        let icons = (tool.meta["icons"]?.array ?? []).filter { $0["src"]?.string?.isEmpty == false }
        return icons.isEmpty ? nil : .array(icons)
    }

    /// What an author wrote for clients stands under a key with a prefix, as in `_meta` (2025-06-18, basic, "_meta"),
    /// such as `openai/toolInvocation/invoking`. `ui` is the one name without a prefix that clients look for.
    private static func isForClients(_ key: String) -> Bool {
        key == "ui" || (key.contains("/") && !key.hasPrefix("/") && !key.hasPrefix(MetaKey.prefix))
    }
}

/// Names under `_meta` that are this host's own.
public enum MetaKey {
    static let prefix = "toolhost/"
    /// In a request: what the field `Idempotency-Key` says over REST.
    public static let idempotencyKey = "toolhost/idempotencyKey"
    /// In an `isError` result: the members of REST's problem document.
    public static let problem = "toolhost/problem"
    /// In a modern request.
    public static let protocolVersion = "io.modelcontextprotocol/protocolVersion"
    public static let clientCapabilities = "io.modelcontextprotocol/clientCapabilities"
    public static let clientInfo = "io.modelcontextprotocol/clientInfo"
    public static let logLevel = "io.modelcontextprotocol/logLevel"
    public static let serverInfo = "io.modelcontextprotocol/serverInfo"
    public static let subscriptionID = "io.modelcontextprotocol/subscriptionId"
    /// In an `isError` result: tells ChatGPT to let the user log in again.
    public static let authenticate = "mcp/www_authenticate"
    /// In a request, from ChatGPT: its own name for the user and for the conversation.
    public static let openAISubject = "openai/subject"
    public static let openAISession = "openai/session"
}
