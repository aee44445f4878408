// One demand on the wire, its request and the answer it must get: what the tables of the MCP tests are made of.

import JSON
import Testing

/// A row of a table. The description is the demand; together they are the list of what is covered.
struct MCPRow: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let post: MCPPost
    let status: Int
    /// One of these JSON-RPC error codes; empty: a result, or with 202 nothing.
    let codes: [Int]
    let holds: @Sendable (MCPAnswer) -> Bool

    /// - Parameter holds: what else must be true of the answer.
    init(
        _ demand: String, _ post: MCPPost, _ status: Int = 200, codes: [Int],
        holds: @escaping @Sendable (MCPAnswer) -> Bool = { _ in true }
    ) {
        testDescription = demand
        self.post = post
        self.status = status
        self.codes = codes
        self.holds = holds
    }

    init(
        _ demand: String, _ post: MCPPost, _ status: Int = 200, _ codes: Int...,
        holds: @escaping @Sendable (MCPAnswer) -> Bool = { _ in true }
    ) {
        self.init(demand, post, status, codes: codes, holds: holds)
    }

    /// Whether what is sent has the form of a request, whatever is wrong with its contents.
    private var isRequest: Bool {
        guard post.raw == nil, let id = post.message["id"] else { return false }
        return (id.string ?? id.int64.map(String.init)) != nil && post.message["method"]?.string != nil
            && post.message["jsonrpc"]?.string == "2.0"
    }

    /// Sends the request and compares.
    func check(_ host: RunningHost) throws {
        let answer = try host.post(post)
        let shown: Comment = "\(answer.status) \(answer.http.fields) \(answer.http.text)"
        #expect(answer.status == status, shown)
        #expect(holds(answer), shown)
        if !codes.isEmpty {
            #expect(answer.code.map(codes.contains) == true, shown)
            #expect(answer.response?["jsonrpc"]?.string == "2.0", shown)
            #expect(answer.response?["error"]?["message"]?.string?.isEmpty == false, shown)
            #expect(answer.response?["result"] == nil, shown)
            // Only where it cannot be told the id is null (JSON-RPC 2.0 section 5).
            let id = answer.response?["id"]
            #expect(id == post.message["id"] && post.raw == nil || id == JSONValue.null && !isRequest, shown)
        } else if status == 200 && post.method == "POST" {
            #expect(answer.response?["jsonrpc"]?.string == "2.0", shown)
            #expect(answer.response?["id"] == post.message["id"], shown)
            #expect(answer.result?.object != nil && answer.response?["error"] == nil, shown)
        } else if status == 202 {
            #expect(answer.http.body.isEmpty, shown)
        }
    }
}
