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
        /// All that are served.
        let tools: [ToolDescriptor]
        let documents: DiscoveryDocuments
        let authorizationServer: AuthorizationServer

        init(
            deployment: Deployment, tools: [ToolDescriptor], documents: DiscoveryDocuments,
            authorizationServer: AuthorizationServer
        ) {
            self.deployment = deployment
            self.tools = tools
            self.documents = documents
            self.authorizationServer = authorizationServer
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
    func documents(for tools: [ToolDescriptor]) throws(DescriptorProblem) -> DiscoveryDocuments {
        let names = tools.map(\.name)
        let (known, edition) = state.withLockedValue { ($0.partial[names], $0.edition) }
        if let known { return known }
        let made = try DiscoveryDocuments(
            tools: tools, of: edition.tools, deployment: edition.deployment, audience: .caller)
        state.withLockedValue { state in
            // Another edition may have come meanwhile; what was made from the old one is not kept.
            guard state.edition === edition else { return }
            if state.partial.count >= Self.maximumSets { state.partial.removeAll() }
            state.partial[names] = made
        }
        return made
    }
}
