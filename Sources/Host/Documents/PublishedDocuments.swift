// The documents of one edition: those for everybody, and one set for each group of callers.

import HostTools
import NIOConcurrencyHelpers

/// Documents about tools and about the authorization server. A class, as its documents are: requests look at it from
/// all threads and count one reference.
public final class PublishedDocuments: Sendable {
    /// What clients are told about the authorization server at this host's own well-known paths.
    public enum AuthorizationServer: Sendable {
        case document(ServedDocument)
        case redirect(to: String)
        /// The sentence says why there is none.
        case none(String)
    }

    public let deployment: Deployment
    /// About all tools that are served.
    public let whole: DiscoveryDocuments
    public let authorizationServer: AuthorizationServer
    private let entries: OpenAPIEntries
    /// By the names of the tools in them. Not a `Mutex`, which is handed from thread to thread in turn: where threads
    /// outnumber processors all would line up.
    private let partial = NIOLockedValueBox(KeptSets<[String], DiscoveryDocuments>())

    /// Fails with the first tool that a document cannot describe; tools that passed `OpenAPIDocument.check` never do.
    init(
        deployment: Deployment, tools: [ToolDescriptor], authorizationServer: AuthorizationServer
    ) throws(DescriptorProblem) {
        self.deployment = deployment
        self.authorizationServer = authorizationServer
        entries = try OpenAPIEntries(tools, deployment: deployment)
        whole = DiscoveryDocuments(tools: tools, entries: entries, deployment: deployment)
    }

    /// The documents for callers who may call exactly these tools, in the same words. Takes milliseconds the first
    /// time.
    public func documents(for tools: [ToolDescriptor]) -> DiscoveryDocuments {
        let names = tools.map(\.name)
        if let known = partial.withLockedValue({ $0[names] }) { return known }
        let made = DiscoveryDocuments(tools: tools, entries: entries, deployment: deployment, audience: .caller)
        partial.withLockedValue { $0.keep(made, for: names) }
        return made
    }
}
