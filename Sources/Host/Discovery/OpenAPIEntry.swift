// What one tool contributes to an OpenAPI document, made once however many documents the tool stands in.

import JSONSchema

/// A path with its operation, and the components that this tool uses.
struct OpenAPIEntry: Sendable {
    let tool: ToolDescriptor
    let path: String
    /// The Path Item Object (OpenAPI 3.1.0 section 4.8.9).
    let item: JSONValue
    let components: [(name: String, schema: JSONValue)]
    let notExpressed: [OpenAPIDocument.NotExpressed]

    /// The entries of `tools` in their order.
    ///
    /// - Parameter names: made with all tools of the deployment in view.
    static func entries(
        for tools: [ToolDescriptor], names: ComponentNames, deployment: Deployment, version: OpenAPIDocument.Version
    ) -> [OpenAPIEntry] {
        tools.map { OpenAPIEntry($0, names: names, deployment: deployment, version: version) }
    }

    private init(
        _ tool: ToolDescriptor, names: ComponentNames, deployment: Deployment, version: OpenAPIDocument.Version
    ) {
        let input = SchemaRelocation(tool, .input, names: names)
        let output = SchemaRelocation(tool, .output, names: names)
        let inputNames = Set(input.components.map(\.name))
        let moved = input.components + output.components.filter { !inputNames.contains($0.name) }
        var downgrade = version == .v30 ? OpenAPI30Schemas(tool: tool.name, components: moved) : nil
        func said(_ schema: JSONValue, at place: JSONPointer) -> JSONValue {
            downgrade?.converted(schema, at: place) ?? schema
        }
        let operation = OpenAPIOperation(tool: tool, deployment: deployment)
        let request = said(input.root, at: operation.requestSchemaPlace)
        let result = said(output.root, at: operation.resultSchemaPlace)
        var components: [(name: String, schema: JSONValue)] = []
        for (name, schema) in moved {
            components.append((name, said(schema, at: JSONPointer(["components", "schemas", name]))))
        }
        self.tool = tool
        path = operation.path
        item = ["post": operation.value(request: request, result: result)]
        self.components = components
        notExpressed = downgrade?.notExpressed ?? []
    }
}
