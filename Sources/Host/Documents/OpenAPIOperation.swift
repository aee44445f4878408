// How one tool reads in an OpenAPI document: one operation, `POST /tools/{name}`.

import HostBase
import HostTools
import JSON

/// The operation of one tool.
struct OpenAPIOperation {
    let tool: ToolDescriptor
    let deployment: Deployment
    /// Whether a call without a body fits the schema: it counts as `{}`.
    var takesNoBody = false

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
    ///
    /// - Parameters:
    ///   - requestExamples: what the request's schema cannot say itself; empty where it says everything.
    ///   - resultExamples: the same for the result.
    func value(
        request: JSONValue, result: JSONValue, requestExamples: [JSONValue] = [], resultExamples: [JSONValue] = []
    ) -> JSONValue {
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
            "required": .bool(!takesNoBody),
            "content": ["application/json": content(request, examples: requestExamples)],
        ]
        operation["responses"] = responses(result, resultExamples)
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
    private func responses(_ result: JSONValue, _ resultExamples: [JSONValue]) -> JSONValue {
        var responses = JSONObject()
        responses["200"] = [
            "description": "The tool's result.",
            "headers": ResponseHeader.references([.requestID]),
            "content": ["application/json": content(result, examples: resultExamples)],
        ]
        for response in ErrorResponses.all(deployment) {
            responses[String(response.status)] = response.reference
        }
        return .object(responses)
    }

    /// The Media Type Object (OpenAPI 3.1.0 section 4.8.14), with its examples numbered.
    private func content(_ schema: JSONValue, examples: [JSONValue]) -> JSONValue {
        var content = JSONObject()
        content["schema"] = schema
        if !examples.isEmpty {
            var named = JSONObject()
            for (index, example) in examples.enumerated() { named[String(index + 1)] = ["value": example] }
            content["examples"] = .object(named)
        }
        return .object(content)
    }
}
