// The errors that every operation may answer with, as documents tell them.

import JSON

/// A response whose body is a problem document (RFC 9457).
struct ErrorResponses {
    var status: Int
    var description: String
    /// What it tells in fields that not every answer has.
    var headers: [ResponseHeader] = []

    /// What a call of this deployment may end with, apart from success: the host's judgement of the request, or the
    /// status that the tool's pack gave. What is wrong with a request as HTTP alone, such as a head that is too large,
    /// is nothing that a client of an API has to know; it is answered in the same form.
    static func all(_ deployment: Deployment) -> [ErrorResponses] {
        let credentials = deployment.credentials
        let takesAny = credentials.takesTokens || credentials.takesKeys
        return all.compactMap { response in
            var response = response
            switch response.status {
            case 401:
                guard takesAny else { return nil }
                response.description += " " + credentials.demand
                response.headers = [.challenge]
            case 400, 403:
                // RFC 6750 section 3; there is no such challenge for a key.
                if credentials.takesTokens { response.headers = [.challenge] }
            default: break
            }
            return response
        }
    }

    private static let all: [ErrorResponses] = [
        ErrorResponses(status: 400, description: "The request is malformed; for a JSON body, with line and column."),
        ErrorResponses(status: 401, description: "No valid credentials."),
        ErrorResponses(
            status: 403,
            description: "The caller may not do this. Where it lacks a scope, scopes has every one that is needed."),
        ErrorResponses(status: 404, description: "What the arguments name does not exist, or the tool is gone."),
        ErrorResponses(status: 408, description: "The body did not arrive in time."),
        ErrorResponses(status: 409, description: "Not in the present state of things; the detail says the way out."),
        ErrorResponses(status: 413, description: "The body is too large."),
        ErrorResponses(status: 415, description: "The body is not application/json, or it is compressed."),
        ErrorResponses(status: 422, description: "The arguments do not fit the schema, or make no sense together."),
        ErrorResponses(status: 500, description: "The tool failed."),
        ErrorResponses(status: 501, description: "Not available in this deployment."),
        ErrorResponses(
            status: 502, description: "The tool broke off; the detail says whether to call again or to look first."),
        ErrorResponses(
            status: 503, description: "Busy, being restarted, or something needed is down.", headers: [.retryAfter]),
        ErrorResponses(status: 504, description: "The tool did not answer in time."),
    ]

    static let schemaName = "Problem"

    /// RFC 9457 section 3.1 with this host's extension members; open, as section 3.2 demands of readers.
    static let schema: JSONValue = [
        "type": "object",
        "description": "A problem document (RFC 9457).",
        "properties": [
            "type": ["type": "string", "format": "uri-reference", "description": "Identifies the kind of problem."],
            "title": ["type": "string", "description": "The kind of problem, in words."],
            "status": ["type": "integer", "description": "The HTTP status code."],
            "detail": ["type": "string", "description": "What happened this time, and what to do about it."],
            "code": ["type": "string", "description": "A short name that programs can rely on."],
            "request_id": ["type": "string", "description": "The request, as the host's log calls it."],
            "errors": [
                "type": "array",
                "description": "For arguments that do not fit the schema: each violation.",
                "items": [
                    "type": "object",
                    "properties": [
                        "pointer": ["type": "string", "description": "JSON Pointer into the arguments."],
                        "keyword": ["type": "string", "description": "The keyword of the schema that it violates."],
                        "detail": ["type": "string"],
                    ],
                ],
            ],
            "scopes": [
                "type": "array", "description": "For a caller that lacks a scope: every one that is needed.",
                "items": ["type": "string"],
            ],
            "details": ["type": "object", "properties": [:], "description": "What the tool adds to explain an error."],
        ],
    ]

    /// The Components Object's `responses`: each stands once in a document, however many operations may answer with it.
    /// Importers take references here, ChatGPT's editor of actions included, which does not take them for parameters.
    static func components(_ deployment: Deployment) -> JSONValue {
        var components = JSONObject()
        for response in all(deployment) { components[response.name] = response.value }
        return .object(components)
    }

    /// What an operation says of the answer.
    var reference: JSONValue { ["$ref": .string("#/components/responses/" + name)] }

    private var name: String { Self.schemaName + String(status) }

    /// The Response Object (OpenAPI 3.1.0 section 4.8.17).
    private var value: JSONValue {
        var response = JSONObject()
        response["description"] = .string(description)
        response["headers"] = ResponseHeader.references([.requestID] + headers)
        response["content"] = [
            "application/problem+json": [
                "schema": ["$ref": .string("#/components/schemas/" + Self.schemaName)]
            ]
        ]
        return .object(response)
    }
}
