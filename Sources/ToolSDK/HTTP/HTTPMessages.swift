// Requests to other services and their answers, as a pack sees them.

/// A request that the host sends on behalf of a pack.
public struct HTTPRequest: Sendable {
    public enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
        case head = "HEAD"
    }

    public var method: Method
    /// Absolute, http or https, at an origin that the operator lists for the pack.
    public var url: String
    /// The host adds `traceparent`, `X-Request-Id` and the credentials that the operator configured. It drops what a
    /// pack may not say: `Host`, `Content-Length`, what concerns one connection only, and credentials of the pack's own
    /// where the host has some.
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]

    public init(
        _ method: Method = .get, _ url: String, headers: [(name: String, value: String)] = [], body: [UInt8] = []
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}

/// What a service answered, whatever its status.
public struct HTTPResponse: Sendable {
    public var status: Int
    /// As they came, in their order.
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]
    /// How long the service asks to be left alone: its `Retry-After`, be it seconds or a date (RFC 9110 section
    /// 10.2.3), as the host reads it. `nil` when it says nothing of the kind.
    public var retryAfter: Duration?

    public init(
        status: Int = 200, headers: [(name: String, value: String)] = [], body: [UInt8] = [],
        retryAfter: Duration? = nil
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.retryAfter = retryAfter
    }

    /// The first field of this name, which is compared without regard to case (RFC 9110 section 5.1).
    public func header(_ name: String) -> String? {
        let name = name.lowercased()
        return headers.first { $0.name.lowercased() == name }?.value
    }
}
