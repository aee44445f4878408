// What comes back from /mcp, whichever of its forms it has.

import JSON
import Testing

/// The answer to one POST: plain JSON or a stream of events, read to its end.
struct MCPAnswer: Sendable {
    let http: HTTPResponse
    /// JSON-RPC messages in order; those of a batch one by one.
    let messages: [JSONValue]
    let isStream: Bool
    let isBatch: Bool

    init(_ http: HTTPResponse) throws {
        self.http = http
        let type = http["Content-Type"] ?? ""
        isStream = type.hasPrefix("text/event-stream")
        let found: [JSONValue]
        if isStream {
            found = try EventStream.messages(in: http.body)
        } else if type.hasPrefix("application/json"), let json = http.json {
            found = [json]
        } else {
            found = []
        }
        isBatch = found.contains { $0.array != nil }
        messages = found.flatMap { $0.array ?? [$0] }
    }

    var status: Int { http.status }
    /// The responses among the messages.
    var responses: [JSONValue] { messages.filter { $0["method"] == nil } }
    var notifications: [JSONValue] { messages.filter { $0["method"] != nil } }
    /// The only response.
    var response: JSONValue? { responses.count == 1 ? responses[0] : nil }
    var result: JSONValue? { response?["result"] }
    var code: Int? { (response?["error"]?["code"]?.int64).map(Int.init) }
    /// The text of the only item of a tool's result.
    var text: String? {
        guard let content = result?["content"]?.array, content.count == 1, content[0]["type"]?.string == "text" else {
            return nil
        }
        return content[0]["text"]?.string
    }
    var isError: Bool { result?["isError"]?.bool == true }
}

extension RunningHost {
    /// Sends a message on a connection of its own.
    func post(_ post: MCPPost) throws -> MCPAnswer {
        let connection = try connect()
        try connection.send(bytes(post, closing: true))
        return try MCPAnswer(connection.response(head: post.method == "HEAD"))
    }

    /// Sends a message and leaves the answer to be read.
    func open(_ post: MCPPost) throws -> RawConnection {
        let connection = try connect()
        try connection.send(bytes(post, closing: false))
        return connection
    }

    /// The bytes of the message, with a credential, and in a session where it asks for one.
    func bytes(_ post: MCPPost, closing: Bool) throws -> [UInt8] {
        var post = post
        if post.credential == nil { post.credential = ("Authorization", "Bearer " + (try token())) }
        if let version = post.sessionVersion, post[MCPName.session] == nil {
            post[MCPName.session] = try newSession(version, credential: post.credential)
        }
        return post.bytes(host: "127.0.0.1:\(port)", closing: closing)
    }

    /// The id of a new legacy session.
    func newSession(_ version: String = "2025-06-18", credential: (name: String, value: String)? = nil) throws -> String
    {
        let opened = try post(MCPPost.initialize(version).with { $0.credential = credential })
        let session = try #require(opened.http[MCPName.session], "no session: \(opened.status) \(opened.http.text)")
        let initialized = MCPPost.legacy("notifications/initialized", id: nil, version: version).with {
            $0[MCPName.session] = session
            $0.credential = credential
        }
        let accepted = try post(initialized)
        guard accepted.status == 202 else {
            throw HTTPResponse.Malformed(description: "not initialized: \(accepted.status) \(accepted.http.text)")
        }
        return session
    }

    /// What became of a job of the fixture `jobs`, once it fits.
    func job(_ number: Int, _ tool: String = "job_report", until fits: (JSONValue) -> Bool = { _ in true }) throws
        -> JSONValue
    {
        var last: JSONValue = nil
        let isThere = try eventually {
            last = try #require(try call(tool, #"{"job":\#(number)}"#).json)
            return fits(last)
        }
        guard isThere else { throw HTTPResponse.Malformed(description: "job \(number) stays \(last)") }
        return last
    }
}
