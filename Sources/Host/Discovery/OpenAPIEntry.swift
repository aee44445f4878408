// What one tool contributes to an OpenAPI document, made once however many documents the tool stands in.

import JSONSchema

/// A path with its operation, and the components that only this tool uses.
struct OpenAPIEntry: Sendable {
    let tool: ToolDescriptor
    let path: String
    /// The Path Item Object (OpenAPI 3.1.0 section 4.8.9).
    let item: JSONValue
    let components: [(name: String, schema: JSONValue)]
    let notExpressed: [OpenAPIDocument.NotExpressed]

    /// The entries of `tools` in their order. Components are named with all of them in view, so that a part of a
    /// document calls them what the whole does. Fails with the first problem that `OpenAPIDocument.check` finds in any
    /// tool.
    static func entries(
        for tools: [ToolDescriptor], deployment: Deployment, version: OpenAPIDocument.Version
    ) throws(DescriptorProblem) -> [OpenAPIEntry] {
        var names = ComponentNames()
        var entries: [OpenAPIEntry] = []
        for tool in tools {
            entries.append(try OpenAPIEntry(tool, deployment: deployment, version: version, names: &names))
        }
        return entries
    }

    private init(
        _ tool: ToolDescriptor, deployment: Deployment, version: OpenAPIDocument.Version, names: inout ComponentNames
    ) throws(DescriptorProblem) {
        let input = try SchemaRelocation(tool.inputSchema, tool: tool.name, side: .input, names: &names)
        let output = try SchemaRelocation(tool.outputSchema, tool: tool.name, side: .output, names: &names)
        let moved = input.components + output.components
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
