// What every tool of a deployment contributes to OpenAPI documents, made once however many documents a tool stands in.

import HostTools
import JSONSchema

/// The entries of all tools in both versions. Names of components are found and schemas are compiled here and nowhere
/// else, since both take long: documents for some callers are put together from the same entries.
struct OpenAPIEntries: Sendable {
    private let entries: [OpenAPIDocument.Version: [OpenAPIEntry]]
    let tools: [ToolDescriptor]

    /// Fails with the first tool that a document cannot describe; tools that passed `OpenAPIDocument.check` never do.
    init(
        _ tools: [ToolDescriptor], deployment: Deployment,
        versions: [OpenAPIDocument.Version] = OpenAPIDocument.Version.allCases
    ) throws(DescriptorProblem) {
        let names = try ComponentNames(tools)
        let takesNoBody = tools.map { tool in
            // A call without a body counts as one with `{}`.
            (try? CompiledSchema(tool.inputSchema))?.accepts(Array("{}".utf8)) ?? false
        }
        var entries: [OpenAPIDocument.Version: [OpenAPIEntry]] = [:]
        for version in versions {
            entries[version] = zip(tools, takesNoBody).map { tool, takesNoBody in
                OpenAPIEntry(tool, names: names, takesNoBody: takesNoBody, deployment: deployment, version: version)
            }
        }
        self.entries = entries
        self.tools = tools
    }

    /// In the order of the tools; none of a version that was not asked for.
    subscript(version: OpenAPIDocument.Version) -> [OpenAPIEntry] { entries[version] ?? [] }
}
