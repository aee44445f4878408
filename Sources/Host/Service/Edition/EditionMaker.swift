// Makes editions: from what there is to serve and what the operator decided to everything that a call may see.

import HostAuth
import HostCalls
import HostDocuments
import HostDoor
import HostMCP
import HostTools

/// Everything that editions are made of, but for what changes while the host runs.
public struct EditionMaker: Sendable {
    public let publisher: Publisher
    public let mcp: MCPSettings
    public let authMode: AuthMode

    public init(publisher: Publisher, mcp: MCPSettings, authMode: AuthMode) {
        self.publisher = publisher
        self.mcp = mcp
        self.authMode = authMode
    }

    /// - Throws: what a document cannot say; tools that passed `OpenAPIDocument.check` have nothing of the kind.
    func edition(_ number: Int, of parts: Edition.Parts) throws(DescriptorProblem) -> Edition {
        let tools = parts.snapshot.tools.map(\.descriptor)
        let documents = try publisher.documents(
            of: tools, requiredScopes: parts.policy.requiredScopes, issuer: parts.issuer)
        let answers = ObjectionAnswers(deployment: documents.deployment, authMode: authMode)
        return Edition(
            number: number, parts: parts, documents: documents,
            mcp: MCPEdition(
                number, snapshot: parts.snapshot, policy: parts.policy, answers: answers,
                instructions: mcp.instructions, pageSize: mcp.pageSize, isPublic: authMode == .none),
            answers: answers, scopes: documents.deployment.scopes(for: tools))
    }
}
