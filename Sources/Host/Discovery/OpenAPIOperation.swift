// How one tool reads in an OpenAPI document: one operation, `POST /tools/{name}`.

import JSONSchema

/// The operation of one tool.
struct OpenAPIOperation {
    let tool: ToolDescriptor
    let deployment: Deployment

    var path: String { "/tools/" + tool.name }

    var requestSchemaPlace: JSONPointer {
        JSONPointer(["paths", path, "post", "requestBody", "content", "application/json", "schema"])
    }

    var resultSchemaPlace: JSONPointer {
        JSONPointer(["paths", path, "post", "responses", "200", "content", "application/json", "schema"])
    }

    /// The pack first, since tools are grouped by the first one, then the pack author's own.
    static func tags(of tool: ToolDescriptor) -> [String] {
        ([tool.packID] + tool.tags).uniqued()
    }

    /// The Operation Object (OpenAPI 3.1.0 section 4.8.10) around schemas that are already fit for the document.
    func value(request: JSONValue, result: JSONValue) -> JSONValue {
        var operation = JSONObject()
        operation["operationId"] = .string(tool.name)
        operation["summary"] = .string(tool.summary)
        operation["description"] = .string(ModelText(tool).text(within: OpenAILimits.operationText))
        operation["tags"] = .array(Self.tags(of: tool).map { .string($0) })
        operation["x-toolhost-title"] = .string(tool.title)
        // Without it OpenAI takes every POST for one that a user has to confirm.
        operation["x-openai-isConsequential"] = .bool(!tool.hints.isReadOnly)
        if !deployment.security.isEmpty {
            operation["security"] = .array(deployment.security.map(requirement))
        }
        operation["requestBody"] = [
            "required": true,
            "content": ["application/json": ["schema": request]],
        ]
        operation["responses"] = responses(result)
        return .object(operation)
    }

    /// Only OAuth 2 has scopes in OpenAPI 3.0; 3.1 allows them elsewhere, but importers do not expect them.
    private func requirement(_ scheme: SecurityScheme) -> JSONValue {
        switch scheme {
        case .clientCredentials: [scheme.name: .array(deployment.documentedScopes(for: [tool]).map { .string($0) })]
        case .bearer, .apiKey: [scheme.name: []]
        }
    }

    /// The 200 stands first and is exactly `application/json`: Semantic Kernel sends its request in the media type of
    /// the first response that it understands.
    private func responses(_ result: JSONValue) -> JSONValue {
        var responses = JSONObject()
        responses["200"] = [
            "description": "The tool's result.",
            "content": ["application/json": ["schema": result]],
        ]
        for response in ErrorResponses.all where response.status != 401 || !deployment.security.isEmpty {
            responses[String(response.status)] = response.value
        }
        return .object(responses)
    }
}
