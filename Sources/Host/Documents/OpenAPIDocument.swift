// The OpenAPI document: what a client reads to learn which tools there are and how to call them.

import HostBase
import HostTools
import JSON

/// An OpenAPI description of tools, built whole. Equal input gives equal bytes.
public struct OpenAPIDocument: Sendable {
    public enum Version: String, Sendable, CaseIterable {
        case v31 = "3.1.0"
        /// For importers that know no 3.1; what it cannot say is listed in `info.x-toolhost-not-expressed`.
        case v30 = "3.0.3"

        /// Reads the value of `?version=`, with or without the patch number.
        public init?(query: String) {
            switch query {
            case "3.1", "3.1.0": self = .v31
            case "3.0", "3.0.3": self = .v30
            default: return nil
            }
        }
    }

    /// A keyword that OpenAPI 3.0 has no words for.
    struct NotExpressed: Sendable, Hashable {
        /// The first one that has it.
        var tool: String
        /// Place of the keyword in the 3.1 document of the same tools.
        var pointer: JSONPointer
        var keyword: String
    }

    let value: JSONValue
    /// Empty for 3.1, which says everything.
    let notExpressed: [NotExpressed]

    var bytes: [UInt8] { value.bytes() }

    /// Describes `tools` in their order. Fails with the first problem that `check(_:)` finds in any of them.
    init(
        tools: [ToolDescriptor], deployment: Deployment, version: Version = .v31
    ) throws(DescriptorProblem) {
        let entries = try OpenAPIEntries(tools, deployment: deployment, versions: [version])
        self.init(entries: entries[version], deployment: deployment, version: version)
    }

    /// Puts together what is told about each tool.
    init(entries: [OpenAPIEntry], deployment: Deployment, version: Version) {
        let tools = entries.map(\.tool)
        // A component that several tools share loses the same for each of them.
        var lost: Set<JSONPointer> = []
        notExpressed = entries.flatMap(\.notExpressed).filter { lost.insert($0.pointer).inserted }
        var paths = JSONObject()
        var schemas = JSONObject()
        schemas[ErrorResponses.schemaName] = ErrorResponses.schema
        for entry in entries {
            paths[entry.path] = entry.item
            for (name, schema) in entry.components { schemas[name] = schema }
        }
        var components = JSONObject()
        components["schemas"] = .object(schemas)
        var headers: Set<ResponseHeader> = [.requestID]
        for response in ErrorResponses.all(deployment) { headers.formUnion(response.headers) }
        components["responses"] = ErrorResponses.components(deployment)
        components["headers"] = ResponseHeader.components(headers)
        if !deployment.security.isEmpty {
            components["securitySchemes"] = Self.securitySchemes(deployment, tools: tools)
        }
        var document: JSONObject = [
            "openapi": .string(version.rawValue),
            "info": Self.info(deployment, entries, notExpressed: version == .v30 ? notExpressed : nil),
            "servers": [["url": .string(deployment.publicURL)]],
            "tags": .array(
                tools.flatMap(OpenAPIOperation.tags).uniqued().map { ["name": .string($0)] }),
            "paths": .object(paths),
            "components": .object(components),
        ]
        document["x-toolhost-request-headers"] = Self.requestHeaders(tools)
        value = .object(document)
    }

    /// Everything that keeps `tool` out of a document, for refusing it when its pack loads; empty where nothing does.
    public static func check(_ tool: ToolDescriptor) -> [DescriptorProblem] {
        SchemaRelocation.problems(in: tool.inputSchema, tool: tool.name, side: .input)
            + SchemaRelocation.problems(in: tool.outputSchema, tool: tool.name, side: .output)
    }

    /// Fields that a client may send with a call. They are no `parameters`: importers make arguments of these, which
    /// models then fill, and a key that a model makes up each time in the same way makes two orders one.
    private static func requestHeaders(_ tools: [ToolDescriptor]) -> JSONValue? {
        let writing = tools.filter { !$0.hints.isReadOnly }.map(\.name)
        guard !writing.isEmpty else { return nil }
        return [
            "Idempotency-Key": [
                "description": .string(
                    "The client program's own name for this call, new for each call and the same when it is sent again. "
                        + "These operations hand it to their tool, so that a call that is sent twice need not take effect "
                        + "twice. Not for models to fill."),
                "schema": ["type": "string", "minLength": 1, "maxLength": 255],
                "operations": .array(writing.map { .string($0) }),
            ]
        ]
    }

    private static func info(
        _ deployment: Deployment, _ entries: [OpenAPIEntry], notExpressed: [NotExpressed]?
    ) -> JSONValue {
        var info = JSONObject()
        info["title"] = .string(deployment.title)
        info["version"] = .string(PublishedVersion(deployment.version, fingerprints: entries.map(\.fingerprint)).text)
        info["description"] = .string(deployment.description)
        info["contact"] = ["email": .string(deployment.contactEmail)]
        info["termsOfService"] = .string(LegalPage.url(deployment))
        if let notExpressed {
            info["x-toolhost-not-expressed"] = .array(
                notExpressed.map {
                    [
                        "tool": .string($0.tool),
                        "pointer": .string($0.pointer.description),
                        "keyword": .string($0.keyword),
                    ]
                })
        }
        return .object(info)
    }

    /// OpenAPI 3.1.0 section 4.8.27.
    private static func securitySchemes(_ deployment: Deployment, tools: [ToolDescriptor]) -> JSONValue {
        var schemes = JSONObject()
        for scheme in deployment.security {
            switch scheme {
            case .clientCredentials(let tokenURL, _):
                schemes[scheme.name] = [
                    "type": "oauth2",
                    "flows": [
                        "clientCredentials": [
                            "tokenUrl": .string(tokenURL), "scopes": scopes(deployment, tools: tools),
                        ]
                    ],
                ]
            case .bearer(let format):
                var bearer = JSONObject()
                bearer["type"] = "http"
                bearer["scheme"] = "bearer"
                if let format { bearer["bearerFormat"] = .string(format) }
                schemes[scheme.name] = .object(bearer)
            case .apiKey(let header):
                schemes[scheme.name] = ["type": "apiKey", "in": "header", "name": .string(header)]
            }
        }
        return .object(schemes)
    }

    /// Each scope with what needs it.
    private static func scopes(_ deployment: Deployment, tools: [ToolDescriptor]) -> JSONValue {
        if let scope = deployment.tokenScope {
            return [scope: "Asks for everything that the client was granted."]
        }
        var scopes = JSONObject()
        for scope in deployment.scopes(for: tools) {
            let users = tools.filter { $0.scopes.contains(scope) }.map(\.name)
            let isForAll = deployment.requiredScopes.contains(scope)
            scopes[scope] = .string("Needed by " + (isForAll ? "every call" : users.joined(separator: ", ")) + ".")
        }
        return .object(scopes)
    }
}
