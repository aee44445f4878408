// All documents of a deployment, made together when an edition is made and then only looked up.

import HostBase
import HostTools
import JSON

/// What a deployment tells about itself. Building is the only work; every request is served from memory.
public final class DiscoveryDocuments: Sendable {
    /// Which tools a document is about.
    private struct Part: Hashable {
        var pack: String?
        var tag: String?

        func has(_ tool: ToolDescriptor) -> Bool {
            (pack == nil || pack == tool.packID) && (tag.map(OpenAPIOperation.tags(of: tool).contains) ?? true)
        }
    }

    /// The packs and the tags that there are parts for, in order of first mention.
    public let packs: [String]
    public let tags: [String]
    private let openAPI: [OpenAPIDocument.Version: [Part: ServedDocument]]
    private let deployment: Deployment
    private let scopes: [String]
    private let audience: ServedDocument.Audience

    public let actionsManifest: ServedDocument
    public let logo: ServedDocument
    public let legalPage: ServedDocument
    /// For the operator: limits of importers that the deployment as a whole exceeds.
    public let warnings: [String]

    /// Fails with the first tool that a document cannot describe; tools that passed `OpenAPIDocument.check` never do.
    public convenience init(
        tools: [ToolDescriptor], deployment: Deployment, audience: ServedDocument.Audience = .everyone
    ) throws(DescriptorProblem) {
        self.init(
            tools: tools, entries: try OpenAPIEntries(tools, deployment: deployment), deployment: deployment,
            audience: audience)
    }

    /// - Parameters:
    ///   - entries: of all tools of the deployment.
    ///   - audience: `.caller` where `tools` are what one group of callers may see.
    init(
        tools: [ToolDescriptor], entries all: OpenAPIEntries, deployment: Deployment,
        audience: ServedDocument.Audience = .everyone
    ) {
        self.deployment = deployment
        self.audience = audience
        scopes = deployment.scopes(for: tools)
        packs = tools.map(\.packID).uniqued()
        tags = tools.flatMap(OpenAPIOperation.tags).uniqued()

        var parts: Set<Part> = [Part()]
        for tool in tools {
            parts.insert(Part(pack: tool.packID))
            for tag in OpenAPIOperation.tags(of: tool) {
                parts.formUnion([Part(tag: tag), Part(pack: tool.packID, tag: tag)])
            }
        }
        let shown = Set(tools.map(\.name))
        var openAPI: [OpenAPIDocument.Version: [Part: ServedDocument]] = [:]
        for version in OpenAPIDocument.Version.allCases {
            let entries = all[version].filter { shown.contains($0.tool.name) }
            for part in parts {
                let document = OpenAPIDocument(
                    entries: entries.filter { part.has($0.tool) }, deployment: deployment, version: version)
                openAPI[version, default: [:]][part] = ServedDocument(document.bytes, audience: audience)
            }
        }
        self.openAPI = openAPI
        warnings = OpenAILimits.warnings(bytes: openAPI[.v31]?[Part()]?.bytes.count ?? 0)

        actionsManifest = ServedDocument(
            ActionsManifest(tools: tools, deployment: deployment).bytes, audience: audience)
        logo = ServedDocument(Logo.svg, mediaType: Logo.mediaType)
        legalPage = ServedDocument(LegalPage.text(deployment), mediaType: "text/plain; charset=utf-8")
    }

    /// The OpenAPI document of all tools, of one pack's or of one tag's; `nil` where there is no such pack or tag.
    public func openAPI(
        _ version: OpenAPIDocument.Version = .v31, pack: String? = nil, tag: String? = nil
    ) -> ServedDocument? {
        openAPI[version]?[Part(pack: pack, tag: tag)]
    }

    /// The metadata of the protected resource at `suffix`: see `ProtectedResourceMetadata`. The caller decides which
    /// suffixes are protected at all.
    public func protectedResource(suffix: String) -> ServedDocument {
        ServedDocument(
            ProtectedResourceMetadata.value(suffix: suffix, deployment: deployment, scopes: scopes).bytes(),
            audience: audience, isKept: false)
    }
}
