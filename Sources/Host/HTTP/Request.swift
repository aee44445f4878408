// A request as routes see it: the head, checked and taken apart, without its body.

import NIOHTTP1

/// The head of a request.
struct Request: Sendable {
    var method: HTTPMethod
    /// Without query, as the client wrote it.
    var path: String
    /// What follows the first `?`; `nil` without one.
    var query: String?
    var headers: HTTPHeaders
    var fields: RequestFields
    /// Stands in the answer, in problem documents and in the log.
    var id: String
}

/// What keeps a request head from being read in one way only (RFC 9112).
enum RequestHeadError: Error {
    case host, transferEncoding, unknownTransferCoding, target

    var response: Response {
        switch self {
        case .host:
            Problem(.badRequest, "bad_request", "The request needs exactly one Host field (RFC 9112 section 3.2).")
                .response(closing: true)
        case .transferEncoding:
            Problem(
                .badRequest, "bad_request",
                "The length of the body can be understood in two ways (RFC 9112 section 6.1)."
            ).response(closing: true)
        case .unknownTransferCoding:
            Problem(.notImplemented, "not_implemented", "The only transfer coding understood is chunked.")
                .response(closing: true)
        case .target:
            Problem(.badRequest, "bad_request", "The request target is not a path.").response(closing: true)
        }
    }

    /// The path and the query of a head whose framing leaves no doubt.
    static func checked(
        _ head: HTTPRequestHead, _ fields: RequestFields
    ) throws(RequestHeadError) -> (path: String, query: String?) {
        let hosts = fields.count(.host)
        if hosts > 1 || (hosts == 0 && head.version == .http1_1) { throw .host }
        if let host = fields.first(.host), !isHost(host.utf8.span) { throw .host }
        if fields.contains(.transferEncoding) {
            guard head.version == .http1_1, !fields.contains(.contentLength) else { throw .transferEncoding }
            let codings = head.headers[canonicalForm: RequestFields.Name.transferEncoding.text]
            guard codings.count == 1, codings[0].lowercased() == "chunked" else { throw .unknownTransferCoding }
        }
        return try target(head.uri)
    }

    /// Whether nothing lets `Host` be read as more than an authority without user information.
    private static func isHost(_ bytes: Span<UInt8>) -> Bool {
        for index in bytes.indices {
            switch bytes[index] {
            case UInt8(ascii: " "), UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: "@"),
                UInt8(ascii: ","):
                return false
            default: continue
            }
        }
        return true
    }

    /// Origin form, or absolute form, which every server accepts (RFC 9112 section 3.2.2).
    private static func target(_ uri: String) throws(RequestHeadError) -> (path: String, query: String?) {
        // The usual form first: it takes no strings apart.
        if uri.utf8.first == UInt8(ascii: "/"), !uri.hasQuery { return (uri, nil) }
        var target = uri[...]
        if uri.utf8.first != UInt8(ascii: "/") {
            let lowercased = uri.prefix(8).lowercased()
            guard lowercased.hasPrefix("http://") || lowercased.hasPrefix("https://") else {
                if uri == "*" { return ("*", nil) }
                throw .target
            }
            target = target.drop { $0 != ":" }.dropFirst(3)
            target = target.drop { $0 != "/" && $0 != "?" }
            if !target.hasPrefix("/") { target = "/" + target }
        }
        guard let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) else {
            return (target.utf8.count == uri.utf8.count ? uri : String(target), nil)
        }
        return (String(target[..<mark]), String(target[target.utf8.index(after: mark)...]))
    }
}

extension String {
    /// Whether there is a question mark in it.
    var hasQuery: Bool {
        let bytes = utf8.span
        for index in bytes.indices where bytes[index] == UInt8(ascii: "?") { return true }
        return false
    }
}

/// RFC 3986 section 2.1, and `+` for a space as query strings have it.
enum PercentEncoding {
    /// The decoded text; what is no escape stays as it is, and bytes that are no UTF-8 are replaced.
    static func decode(_ text: some StringProtocol) -> String {
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) else {
            return String(text)
        }
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "+") {
                bytes.append(0x20)
            } else if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
