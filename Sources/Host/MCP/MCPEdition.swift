// What MCP serves at one moment, and what it says of itself then.

import HostAuth
import HostCaller
import HostCalls
import HostDocuments
import HostDoor
import HostTools

/// MCP's part of an edition: tools, their lists, and the answers that depend on them.
public final class MCPEdition: Sendable {
    /// The number of the edition that this is a part of.
    let number: Int
    let snapshot: Snapshot
    let policy: AccessPolicy
    public let catalogue: ToolCatalogue
    let facts: ServerFacts
    let answers: ObjectionAnswers
    /// Whether a fresh login may heal what a result says of credentials.
    private let hasLogin: Bool
    private let modern: ToolResult
    private let legacy: ToolResult

    /// - Parameters:
    ///   - pageSize: tools on one page of a list.
    ///   - isPublic: whether every caller sees the same.
    public init(
        _ number: Int, snapshot: Snapshot, policy: AccessPolicy, answers: ObjectionAnswers, instructions: String?,
        pageSize: Int, isPublic: Bool
    ) {
        let (tools, deployment) = (snapshot.tools.map(\.descriptor), answers.deployment)
        self.number = number
        self.snapshot = snapshot
        self.policy = policy
        self.answers = answers
        hasLogin = deployment.security.contains(where: \.usesBearer)
        facts = ServerFacts(
            deployment: deployment, version: PublishedVersion(deployment.version, tools: tools),
            instructions: instructions, isPublic: isPublic)
        catalogue = ToolCatalogue(
            tools: tools, deployment: deployment, pageSize: pageSize, isPublic: isPublic, serverInfo: facts.info)
        modern = ToolResult(era: .modern, serverMeta: facts.meta, serverInfo: facts.info)
        legacy = ToolResult(era: .legacy, serverMeta: facts.meta, serverInfo: facts.info)
    }

    /// The `result` of `tools/list`: the tools that this caller may call.
    ///
    /// - Throws: `invalidParams` for a cursor that this list did not give out.
    func page(_ cursor: String?, for principal: Principal, _ era: ProtocolVersion.Era) throws(RPCError) -> [UInt8] {
        let tools = snapshot.tools
        let visibility = ToolCatalogue.Visibility(count: tools.count) {
            policy.shows(tools[$0].descriptor.scopes, to: principal)
        }
        return try catalogue.page(cursor, for: visibility, era)
    }

    /// Whether everybody finds the same list in both: who is shown a tool is a matter of the policy.
    func lists(theSameAs other: MCPEdition) -> Bool {
        policy == other.policy && catalogue.lists(theSameAs: other.catalogue)
    }

    /// Writes the results of calls.
    func results(_ era: ProtocolVersion.Era) -> ToolResult {
        switch era {
        case .legacy: legacy
        case .modern: modern
        }
    }

    /// That of an `isError` result that a fresh login may heal; `nil` where there is nothing to log in to.
    func challenge(_ kind: AuthenticationFailure.Kind, endpoint: String) -> String? {
        hasLogin ? answers.challenge(kind, suffix: endpoint, scopes: []) : nil
    }
}
