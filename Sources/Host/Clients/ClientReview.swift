// What an operator and a pack's author are told about clients: bounded, the worst first, and never a refusal.

import HostTools

/// The findings of all quirks that the host does not take care of by itself.
public struct ClientReview: Sendable {
    /// One for each tool and quirk at most.
    public let findings: [QuirkFinding]

    /// Tools that the log names at the start; the others are counted.
    static let loggedTools = 20

    /// - Parameter isDeployment: whether these are all tools that a client would be given.
    public init(tools: [ToolSubject], isDeployment: Bool) {
        var findings: [QuirkFinding] = []
        for tool in tools {
            for quirk in ClientQuirks.told {
                guard case .tool(let places) = quirk.check else { continue }
                Self.add(quirk, tool.descriptor.name, places(tool), to: &findings)
            }
        }
        for quirk in ClientQuirks.told where isDeployment {
            guard case .deployment(let places) = quirk.check else { continue }
            Self.add(quirk, nil, places(tools), to: &findings)
        }
        self.findings = findings
    }

    private static func add(
        _ quirk: ClientQuirk, _ tool: String?, _ places: [ClientQuirk.Spot], to findings: inout [QuirkFinding]
    ) {
        guard let first = places.first else { return }
        findings.append(QuirkFinding(quirk: quirk, tool: tool, place: first, more: places.count - 1))
    }

    /// The quirks of each tool, those of the deployment first, by id.
    var byTool: [(tool: String?, quirks: [String])] {
        var order: [String?] = []
        var quirks: [String?: [String]] = [:]
        for finding in findings.filter({ $0.tool == nil }) + findings.filter({ $0.tool != nil }) {
            if quirks[finding.tool] == nil { order.append(finding.tool) }
            quirks[finding.tool, default: []].append(finding.quirk.id)
        }
        return order.map { ($0, quirks[$0] ?? []) }
    }
}
