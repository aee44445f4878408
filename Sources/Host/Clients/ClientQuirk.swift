// What clients make of tools that the standards allow: one form for every such peculiarity.

import JSON

/// Something that a client refuses or misreads, though MCP, OpenAPI or JSON Schema allows it.
public struct ClientQuirk: Sendable {
    /// What it costs, the worst first.
    public enum Harm: Int, Sendable, Comparable {
        /// The client refuses the list of tools, or the document, as a whole.
        case everyTool
        /// The client goes on without the tool.
        case thisTool
        /// The client, or the model behind it, takes the tool for something else than it is.
        case misread

        public static func < (a: Harm, b: Harm) -> Bool { a.rawValue < b.rawValue }

        /// For documents and reports, after the names of clients.
        public var words: String {
            switch self {
            case .everyTool: "every tool is refused"
            case .thisTool: "the tool is left out"
            case .misread: "the tool is misread"
            }
        }
    }

    enum Handling: Sendable, Hashable {
        /// The operator and the pack's author are told; the tool is served.
        case told
        /// The host publishes the same in other words; nobody needs to be told.
        case mended(String)
        /// The host does not serve such a tool.
        case refused(String)
    }

    /// What a quirk is about.
    enum Check: Sendable {
        case tool(@Sendable (ToolSubject) -> [Spot])
        /// All tools that one client is given together.
        case deployment(@Sendable ([ToolSubject]) -> [Spot])
    }

    /// Where it shows.
    public struct Spot: Sendable, Hashable {
        /// Into the descriptor, whose members are called as in the ABI; empty for a deployment.
        package var pointer: JSONPointer
        /// A predicate of that place, such as `has 1103 characters`.
        public var detail: String
    }

    /// Stable, for people to search for and programs to compare.
    public let id: String
    /// Who does it.
    public let clients: String
    /// What they refuse or misread.
    let problem: String
    /// What to write instead.
    public let remedy: String
    public let harm: Harm
    let handling: Handling
    /// Public pages that show it.
    public let sources: [String]
    let check: Check
}

/// A quirk that some tool, or the deployment, has.
public struct QuirkFinding: Sendable {
    public let quirk: ClientQuirk
    /// `nil` where it is about all tools together.
    public var tool: String?
    public var place: ClientQuirk.Spot
    /// Further places of the same tool.
    public var more: Int

    /// For people: one line, with the way out.
    public var line: String {
        let at = place.pointer.tokens.isEmpty ? "" : " \(place.pointer)"
        let others = more == 0 ? "" : more == 1 ? " (and one more place)" : " (and \(more) more places)"
        return "\(tool.map { "tool \($0)" } ?? "the deployment")\(at) \(place.detail)\(others): "
            + "\(quirk.clients): \(quirk.harm.words); \(quirk.remedy) [\(quirk.id)]"
    }
}
