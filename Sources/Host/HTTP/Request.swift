// A request as routes see it: the head, checked and taken apart, without its body.

import NIOHTTP1

/// The head of a request.
public struct Request: Sendable {
    public var method: HTTPMethod
    /// Without query, as the client wrote it.
    public var path: String
    /// What follows the first `?`; `nil` without one.
    public var query: String?
    public var headers: HTTPHeaders
    /// Stands in the answer, in problem documents and in the log.
    public var id: String
    public var fields: RequestFields
}

extension Request {
    /// Hands on to the memberwise initializer, from which it differs in the order alone: a value of so many parts that
    /// an initializer sets one after the other is copied whole once more, 260 instructions of a call.
    @inline(__always)
    public init(
        method: HTTPMethod, path: String, query: String? = nil, headers: HTTPHeaders, fields: RequestFields, id: String
    ) {
        self.init(method: method, path: path, query: query, headers: headers, id: id, fields: fields)
    }
}

/// What a request head asks for.
public struct RequestTarget: Equatable {
    /// Without query, as the client wrote it.
    public var path: String
    /// What follows the first `?`; `nil` without one.
    public var query: String?
    /// The authority of a target in absolute form: counts in place of `Host` (RFC 9112 section 3.2.2).
    public var authority: String?
}

/// What keeps a request head from being read in one way only (RFC 9112).
public enum RequestHeadError: Error {
    case host, hostValue, transferEncoding, unknownTransferCoding, target

    public var response: Response {
        switch self {
        case .host:
            Problem(.badRequest, "bad_request", "The request needs exactly one Host field (RFC 9112 section 3.2).")
                .response(closing: true)
        case .hostValue:
            Problem(
                .badRequest, "bad_request",
                "The Host field must have a name or an address, an IPv6 one in brackets, and perhaps a colon and a port up "
                    + "to 65535, and nothing else (RFC 9110 section 7.2)."
            ).response(closing: true)
        case .transferEncoding:
            Problem(
                .badRequest, "bad_request",
                "The length of the body can be understood in two ways (RFC 9112 section 6.1)."
            ).response(closing: true)
        case .unknownTransferCoding:
            Problem(.notImplemented, "not_implemented", "The only transfer coding understood is chunked.")
                .response(closing: true)
        case .target:
            Problem(
                .badRequest, "bad_request",
                "The request target must be a path, perhaps with a query, or a whole http or https URL; it has no fragment "
                    + "(RFC 9112 section 3.2)."
            ).response(closing: true)
        }
    }

    /// The target of a head whose framing leaves no doubt.
    public static func checked(
        _ head: HTTPRequestHead, _ fields: RequestFields
    ) throws(RequestHeadError) -> RequestTarget {
        let hosts = fields.count(.host)
        if hosts > 1 || (hosts == 0 && head.version == .http1_1) { throw .host }
        if let host = fields.first(.host), !Authority.isWellFormed(host.utf8.span) { throw .hostValue }
        if fields.contains(.transferEncoding) {
            guard head.version == .http1_1, !fields.contains(.contentLength) else { throw .transferEncoding }
            // Also without an empty element beside it, which others might take for a coding of its own.
            guard fields.count(.transferEncoding) == 1, fields.first(.transferEncoding)?.lowercased() == "chunked"
            else { throw .unknownTransferCoding }
        }
        // The usual form first: it takes no strings apart.
        if head.uri.utf8.first == UInt8(ascii: "/"), !head.uri.hasQuery { return RequestTarget(path: head.uri) }
        return try target(head.uri, isOptions: head.method == .OPTIONS)
    }

    /// Origin form with a query, or absolute form, which every server accepts (RFC 9112 section 3.2.2), or the
    /// asterisk, which is about the server as a whole (section 3.2.4).
    private static func target(_ uri: String, isOptions: Bool) throws(RequestHeadError) -> RequestTarget {
        // A fragment is never sent; with one the path would be another one to whoever cuts it off.
        guard !uri.utf8.contains(UInt8(ascii: "#")) else { throw .target }
        var result = RequestTarget(path: uri)
        var rest = uri[...]
        if uri.utf8.first != UInt8(ascii: "/") {
            if uri == "*", isOptions { return result }
            let scheme = uri.prefix(8).lowercased()
            guard scheme.hasPrefix("http://") || scheme.hasPrefix("https://") else { throw .target }
            rest = rest.drop { $0 != ":" }.dropFirst(3)
            let authority = rest.prefix { $0 != "/" && $0 != "?" }
            guard Authority(String(authority)) != nil else { throw .target }
            result.authority = String(authority)
            rest = rest.dropFirst(authority.count)
            result.path = rest.hasPrefix("/") ? String(rest) : "/\(rest)"
        }
        guard let mark = result.path.utf8.firstIndex(of: UInt8(ascii: "?")) else { return result }
        result.query = String(result.path[result.path.utf8.index(after: mark)...])
        result.path = String(result.path[..<mark])
        return result
    }
}

extension String {
    /// Whether there is a question mark in it, or what no target has, the mark of a fragment.
    var hasQuery: Bool {
        let bytes = utf8.span
        for index in bytes.indices {
            let byte = bytes[index]
            if byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#") { return true }
        }
        return false
    }
}
