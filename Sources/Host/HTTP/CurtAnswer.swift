// The answer to a connection that there is no room for, in the fewest bytes that a client understands.

/// A whole 503, after which the connection ends.
enum CurtAnswer {
    /// One more than `HTTP_MAX_CONNECTIONS`.
    static let tooMany = text(code: "connections", "Too many connections.")
    /// The host has no descriptor or no memory for it.
    static let shortage = text(code: "descriptors", "The host is out of file descriptors or memory for connections.")

    private static func text(code: String, _ detail: String) -> String {
        let body =
            #"{"type":"about:blank","title":"Service Unavailable","status":503,"code":"\#(code)","detail":"\#(detail)"}"#
        return "HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/problem+json\r\nretry-after: 1\r\n"
            + "connection: close\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)"
    }
}
