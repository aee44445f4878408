// The documents in force: replaced as a whole when the issuer's metadata says something new, and one set for each group of callers.

import NIOConcurrencyHelpers

/// Documents about tools and about the authorization server, for all requests.
final class PublishedDocuments: Sendable {
    /// What clients are told about the authorization server at this host's own well-known paths.
    enum AuthorizationServer: Sendable {
        case document(ServedDocument)
        case redirect(to: String)
        /// The sentence says why there is none.
        case none(String)
    }

    /// A class, as its documents are: every request looks at it, from all threads, and counts one reference.
    final class Edition: Sendable {
        let deployment: Deployment
        /// About all tools that are served.
        let documents: DiscoveryDocuments
        let authorizationServer: AuthorizationServer
        private let entries: OpenAPIEntries

        /// Fails with the first tool that a document cannot describe; tools that passed `OpenAPIDocument.check` never do.
        init(
            deployment: Deployment, tools: [ToolDescriptor], authorizationServer: AuthorizationServer
        ) throws(DescriptorProblem) {
            self.deployment = deployment
            self.authorizationServer = authorizationServer
            entries = try OpenAPIEntries(tools, deployment: deployment)
            documents = DiscoveryDocuments(tools: tools, entries: entries, deployment: deployment)
        }

        /// About these alone, in the same words.
        func documents(for tools: [ToolDescriptor]) -> DiscoveryDocuments {
            DiscoveryDocuments(tools: tools, entries: entries, deployment: deployment, audience: .caller)
        }
    }

    private struct State {
        var edition: Edition
        /// By the names of the tools in them.
        var partial: [[String]: DiscoveryDocuments] = [:]
    }

    /// Sets of tools whose documents are kept; there are about as many as there are kinds of clients.
    static let maximumSets = 64

    private let state: NIOLockedValueBox<State>

    init(_ edition: Edition) {
        state = NIOLockedValueBox(State(edition: edition))
    }

    var current: Edition { state.withLockedValue { $0.edition } }

    func publish(_ edition: Edition) {
        state.withLockedValue { $0 = State(edition: edition) }
    }

    /// The documents for callers who may call exactly these tools. Takes milliseconds the first time.
    func documents(for tools: [ToolDescriptor]) -> DiscoveryDocuments {
        let names = tools.map(\.name)
        let (known, edition) = state.withLockedValue { ($0.partial[names], $0.edition) }
        if let known { return known }
        let made = edition.documents(for: tools)
        state.withLockedValue { state in
            // Another edition may have come meanwhile; what was made from the old one is not kept.
            guard state.edition === edition else { return }
            if state.partial.count >= Self.maximumSets { state.partial.removeAll() }
            state.partial[names] = made
        }
        return made
    }
}
