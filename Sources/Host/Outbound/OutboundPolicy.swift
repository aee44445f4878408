// What one pack may ask of other services: the operator's word, and what follows from it for each request.

import HostBase
import HostNetwork

/// The `http` part of a pack's YAML.
public struct OutboundRules: Sendable {
    /// `nil`: the origin of `NEXTJS_URL`.
    public var origins: [Origin]?
    /// Backends that honour Idempotency-Key.
    public var keyedOrigins: [Origin] = []
    public var maxResponseBytes: Int?

    public init() {}
}

/// The `http` part of a pack's YAML, with what holds where it says nothing.
public struct OutboundPolicy: Sendable {
    /// Where requests may go.
    var origins: Set<Origin> = []
    /// Origins whose backends answer a repeated Idempotency-Key as they did the first time.
    public var keyedOrigins: Set<Origin> = []
    /// The most bytes that a response's body may have.
    public var maxResponseBytes = 8 << 20

    /// Why a URL is out of bounds; `nil` when it is not.
    public func objection(to url: OutboundURL) -> String? {
        if origins.contains(url.origin) { return nil }
        let listed = originTexts.joined(separator: ", ")
        return "\(url.origin) is not an origin that the operator lists for this pack (http.origins in its YAML); "
            + (listed.isEmpty ? "none is listed" : "listed: \(listed)")
    }
}

extension OutboundPolicy {
    /// The origins as texts, for another process that is to judge by them.
    public var originTexts: [String] { origins.map(\.description).sorted() }

    /// What a policy with ``originTexts`` permits, as far as origins go.
    public init(originTexts: [String]) {
        self.init(origins: Set(originTexts.compactMap(Origin.init)))
    }
}

/// The fields of a request: what a pack may say, and what the host says in its place.
public enum OutboundFields {
    /// The host's own business, for every origin: RFC 9110 section 7.6.1, the framing, and what it adds itself.
    private static let reserved: Set<String> = [
        "host", "content-length", "transfer-encoding", "connection", "keep-alive", "proxy-connection", "te", "trailer",
        "upgrade", "expect", "proxy-authorization", "proxy-authenticate", "http2-settings", "traceparent",
        "x-request-id",
    ]
    private static let credentials: Set<String> = ["authorization", "x-mcp-api-key", "x-user-token", "cookie"]

    /// What about a pack's fields is no HTTP; `nil` when nothing is.
    public static func objection(to fields: [(name: String, value: String)]) -> String? {
        for (name, value) in fields {
            guard name.isToken else { return "a field's name is no token (RFC 9110 section 5.6.2)" }
            guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
                return "the value of the field \(name) has a control byte"
            }
        }
        return nil
    }

    /// A pack's fields as they may go out.
    ///
    /// - Parameter ownsCredentials: whether credentials at this origin are the host's business.
    public static func permitted(
        _ fields: [(name: String, value: String)], ownsCredentials: Bool
    ) -> [(name: String, value: String)] {
        let named = named(inConnectionOf: fields)
        return fields.filter { name, _ in
            let name = name.lowercased()
            return !reserved.contains(name) && !named.contains(name)
                && !(ownsCredentials && credentials.contains(name))
        }
    }

    /// What packs are not shown of an answer: fields of one connection only (RFC 9110 section 7.6.1), and cookies,
    /// which nobody here keeps apart by caller.
    private static let hidden: Set<String> = [
        "connection", "keep-alive", "proxy-authenticate", "proxy-connection", "te", "trailer", "transfer-encoding",
        "upgrade", "set-cookie",
    ]

    /// What of a response a pack gets to see.
    public static func shown(_ fields: [(name: String, value: String)]) -> [(name: String, value: String)] {
        let named = named(inConnectionOf: fields)
        return fields.filter { name, _ in
            let name = name.lowercased()
            return !hidden.contains(name) && !named.contains(name)
        }
    }

    /// RFC 9110 section 7.6.1: what a Connection field names concerns this connection only.
    private static func named(inConnectionOf fields: [(name: String, value: String)]) -> [String] {
        fields.filter { $0.name.lowercased() == "connection" }
            .flatMap { $0.value.split(separator: ",").map { $0.trimmed.lowercased() } }
    }
}
