// All that a call may see, as one value: what is served, what is told of it, and who may have it.

import HostAuth
import HostCalls
import HostDocuments
import HostDoor
import HostMCP

/// What is in force at one moment. Made whole by `EditionMaker`, put in force by `Editions`, never changed: whoever
/// wants another one makes another one. A request has one edition from its head to its answer's last byte.
public final class Edition: Sendable {
    /// What an edition is made of; the rest follows from it and from the host's configuration.
    public struct Parts: Sendable {
        /// Packs and tools.
        public var snapshot: Snapshot
        /// Who may call, and which scopes every call needs.
        public var policy: AccessPolicy
        /// What the issuer that documents name says about itself; `nil` while that is not known.
        public var issuer: IssuerDirectory.Finding?

        public init(snapshot: Snapshot, policy: AccessPolicy, issuer: IssuerDirectory.Finding? = nil) {
            self.snapshot = snapshot
            self.policy = policy
            self.issuer = issuer
        }
    }

    /// 1 for the first one, then one more for each. No two editions of a process share it.
    let number: Int
    let parts: Parts
    /// Documents about tools and about the authorization server.
    public let documents: PublishedDocuments
    /// What MCP serves and says of itself.
    let mcp: MCPEdition
    let answers: ObjectionAnswers
    /// Every scope that some call needs: what a token for the host as a whole is good for.
    let scopes: [String]

    public var snapshot: Snapshot { parts.snapshot }
    var policy: AccessPolicy { parts.policy }
    public var deployment: Deployment { documents.deployment }

    init(
        number: Int, parts: Parts, documents: PublishedDocuments, mcp: MCPEdition, answers: ObjectionAnswers,
        scopes: [String]
    ) {
        self.number = number
        self.parts = parts
        self.documents = documents
        self.mcp = mcp
        self.answers = answers
        self.scopes = scopes
    }
}
