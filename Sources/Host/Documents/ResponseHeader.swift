// The header fields that answers of tools have, as documents tell them.

import JSON

/// A field of an answer that a client can make something of. Each stands once in a document.
enum ResponseHeader: String, CaseIterable {
    case requestID = "X-Request-Id"
    case retryAfter = "Retry-After"
    case challenge = "WWW-Authenticate"

    /// The Header Object (OpenAPI 3.1.0 section 4.8.21).
    private var value: JSONValue {
        switch self {
        case .requestID:
            ["description": "The request, as the host's log calls it.", "schema": ["type": "string"]]
        case .retryAfter:
            [
                "description":
                    "Seconds after which to send the same request again. Without it, look first what became of the call.",
                "schema": ["type": "integer", "minimum": 0],
            ]
        case .challenge:
            [
                "description": "Which credentials the host takes (RFC 9110 section 11.6.1).",
                "schema": ["type": "string"],
            ]
        }
    }

    /// The Components Object's `headers`, for a deployment in which some answers have these.
    static func components(_ headers: Set<ResponseHeader>) -> JSONValue {
        var components = JSONObject()
        for header in allCases where headers.contains(header) { components[header.rawValue] = header.value }
        return .object(components)
    }

    /// A Response Object's `headers`.
    static func references(_ headers: [ResponseHeader]) -> JSONValue {
        var references = JSONObject()
        for header in headers {
            references[header.rawValue] = ["$ref": .string("#/components/headers/" + header.rawValue)]
        }
        return .object(references)
    }
}
