// One POST to /mcp, well-formed unless a test makes it otherwise.

import JSON

/// Names that the protocol gives to things.
enum MCPName {
    static let modern = "2026-07-28"
    /// Newest first.
    static let legacy = ["2025-11-25", "2025-06-18", "2025-03-26"]
    static let version = "io.modelcontextprotocol/protocolVersion"
    static let clientInfo = "io.modelcontextprotocol/clientInfo"
    static let capabilities = "io.modelcontextprotocol/clientCapabilities"
    static let logLevel = "io.modelcontextprotocol/logLevel"
    static let serverInfo = "io.modelcontextprotocol/serverInfo"
    static let subscription = "io.modelcontextprotocol/subscriptionId"
    /// The host's own: the same as the field `Idempotency-Key`.
    static let idempotencyKey = "toolhost/idempotencyKey"
    static let session = "Mcp-Session-Id"
    static let versionField = "MCP-Protocol-Version"
}

/// A message and the fields around it.
struct MCPPost: Sendable {
    var method = "POST"
    var fields: [(name: String, value: String)] = [
        ("Accept", "application/json, text/event-stream"), ("Content-Type", "application/json"),
    ]
    var message: JSONValue
    /// Sent instead of the message.
    var raw: [UInt8]?
    /// Opens a session of this legacy version first, and sends its id.
    var sessionVersion: String?
    /// Sent instead of the host's own client's token.
    var credential: (name: String, value: String)?

    /// The value of the only field of this name. Assigning replaces all of the name; `nil` removes them.
    subscript(name: String) -> String? {
        get { fields.first { $0.name.lowercased() == name.lowercased() }?.value }
        set {
            fields.removeAll { $0.name.lowercased() == name.lowercased() }
            if let newValue { fields.append((name, newValue)) }
        }
    }

    /// The member of `params._meta`.
    subscript(meta key: String) -> JSONValue? {
        get { message["params"]?["_meta"]?[key] }
        set { message.set(["params", "_meta", key], to: newValue) }
    }

    /// The same with a change.
    func with(_ change: (inout MCPPost) -> Void) -> MCPPost {
        var copy = self
        change(&copy)
        return copy
    }

    // MARK: Well-formed ones

    /// A request of 2026-07-28; a notification when the id is `nil`.
    static func modern(_ method: String, _ params: JSONObject = [:], id: JSONValue? = 1) -> MCPPost {
        var post = MCPPost(message: rpc(method, params, id: id))
        post[meta: MCPName.version] = .string(MCPName.modern)
        post[meta: MCPName.capabilities] = [:]
        post[meta: MCPName.clientInfo] = ["name": "wire", "version": "1"]
        post[MCPName.versionField] = MCPName.modern
        post["Mcp-Method"] = method
        if let name = params["name"]?.string { post["Mcp-Name"] = name }
        return post
    }

    /// A request of an earlier revision, in a session of its own; 2025-03-26 has no field that says so.
    static func legacy(
        _ method: String, _ params: JSONObject? = [:], id: JSONValue? = 1, version: String = "2025-06-18"
    ) -> MCPPost {
        var post = MCPPost(message: rpc(method, params, id: id))
        if version != "2025-03-26" { post[MCPName.versionField] = version }
        post.sessionVersion = version
        return post
    }

    static func initialize(_ version: String, id: JSONValue = 0) -> MCPPost {
        MCPPost(
            message: rpc(
                "initialize",
                [
                    "protocolVersion": .string(version), "capabilities": [:],
                    "clientInfo": ["name": "wire", "version": "1"],
                ], id: id))
    }

    /// The same call in each of the revisions.
    static func call(
        _ tool: String, _ arguments: JSONValue = [:], id: JSONValue = 1, version: String = MCPName.modern,
        progressToken: JSONValue? = nil
    ) -> MCPPost {
        let params: JSONObject = ["name": .string(tool), "arguments": arguments]
        var post =
            version == MCPName.modern
            ? modern("tools/call", params, id: id)
            : legacy("tools/call", params, id: id, version: version)
        if let progressToken { post[meta: "progressToken"] = progressToken }
        return post
    }

    private static func rpc(_ method: String, _ params: JSONObject?, id: JSONValue?) -> JSONValue {
        var message: JSONObject = ["jsonrpc": "2.0"]
        if let id { message["id"] = id }
        message["method"] = .string(method)
        if let params { message["params"] = .object(params) }
        return .object(message)
    }

    // MARK: On the wire

    /// - Parameter closing: whether the connection is to end behind the answer.
    func bytes(host: String, closing: Bool) -> [UInt8] {
        let body = raw ?? message.bytes()
        var head = "\(method) /mcp HTTP/1.1\r\n"
        if self["Host"] == nil { head += "Host: \(host)\r\n" }
        for (name, value) in fields { head += "\(name): \(value)\r\n" }
        if let credential { head += "\(credential.name): \(credential.value)\r\n" }
        if closing { head += "Connection: close\r\n" }
        if method == "POST" { head += "Content-Length: \(body.count)\r\n" }
        return Array((head + "\r\n").utf8) + (method == "POST" ? body : [])
    }
}

extension JSONValue {
    /// Replaces, adds or, with `nil`, removes the value at a path of members; objects on the way are made.
    mutating func set(_ path: [String], to value: JSONValue?) {
        guard let first = path.first else {
            self = value ?? nil
            return
        }
        var object = self.object ?? [:]
        if path.count == 1 {
            object[first] = value
        } else {
            var inner = object[first] ?? [:]
            inner.set(Array(path.dropFirst()), to: value)
            object[first] = inner
        }
        self = .object(object)
    }
}
