// What one tool contributes to an OpenAPI document of one version.

import HostTools
import JSON

/// A path with its operation, and the components that this tool uses.
struct OpenAPIEntry: Sendable {
    let tool: ToolDescriptor
    let path: String
    /// The Path Item Object (OpenAPI 3.1.0 section 4.8.9).
    let item: JSONValue
    let components: [(name: String, schema: JSONValue)]
    let notExpressed: [OpenAPIDocument.NotExpressed]
    /// The tool's fingerprint, for the version of each document that it stands in.
    let fingerprint: String

    /// - Parameters:
    ///   - names: made with all tools of the deployment in view.
    ///   - takesNoBody: whether a call without a body fits the tool's schema.
    init(
        _ tool: ToolDescriptor, names: ComponentNames, takesNoBody: Bool, deployment: Deployment,
        version: OpenAPIDocument.Version
    ) {
        let input = SchemaRelocation(tool, .input, names: names)
        let output = SchemaRelocation(tool, .output, names: names)
        let inputNames = Set(input.components.map(\.name))
        let moved = input.components + output.components.filter { !inputNames.contains($0.name) }
        var downgrade = version == .v30 ? OpenAPI30Schemas(tool: tool.name, components: moved) : nil
        func said(_ schema: JSONValue, at place: JSONPointer) -> JSONValue {
            downgrade?.converted(schema, at: place) ?? schema
        }
        let operation = OpenAPIOperation(tool: tool, deployment: deployment, takesNoBody: takesNoBody)
        // 3.0 has one example in a schema; of the root there may be more beside it.
        let (requestRoot, requestExamples) = version == .v30 ? Self.withOneExample(input.root) : (input.root, [])
        let (resultRoot, resultExamples) = version == .v30 ? Self.withOneExample(output.root) : (output.root, [])
        let request = said(requestRoot, at: operation.requestSchemaPlace)
        let result = said(resultRoot, at: operation.resultSchemaPlace)
        var components: [(name: String, schema: JSONValue)] = []
        for (name, schema) in moved {
            components.append((name, said(schema, at: JSONPointer(["components", "schemas", name]))))
        }
        self.tool = tool
        fingerprint = PublishedVersion.fingerprint(of: tool)
        path = operation.path
        item = [
            "post": operation.value(
                request: request, result: result, requestExamples: requestExamples, resultExamples: resultExamples)
        ]
        self.components = components
        notExpressed = downgrade?.notExpressed ?? []
    }

    /// A schema that keeps the first of its examples, and all of them where there are more.
    private static func withOneExample(_ schema: JSONValue) -> (schema: JSONValue, examples: [JSONValue]) {
        guard case .object(var members) = schema, let examples = members["examples"]?.array, examples.count > 1 else {
            return (schema, [])
        }
        members["examples"] = .array([examples[0]])
        return (.object(members), examples)
    }
}
