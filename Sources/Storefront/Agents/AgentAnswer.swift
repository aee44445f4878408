// What an agent's answer comes to in the terms of a tool: the typed members it states, and its words as words.

import ToolSDK

/// Reads good answers (2xx) of one tool's agent.
///
/// Nothing is read out of prose. What is typed counts where it fits the output schema; a member that does not fit is
/// quoted as JSON behind the prose, so that nothing is made to look exact that is not. What neither speaks nor has a name
/// of the tool's is left out, such as the ids and counts of the agent's own framework.
struct AgentAnswer: Sendable {
    private let members: OutputMembers

    /// - Parameter output: The tool's output schema.
    init(output: JSONValue) {
        members = OutputMembers(of: output, except: AgentWords.member)
    }

    enum Refusal: Error, Hashable {
        /// Not strict JSON (RFC 8259).
        case notJSON
        /// Neither a member that fits nor words.
        case nothingSaid
        /// The answer calls itself a failure; what it says, if anything.
        case failed(String?)
    }

    /// The members of the tool's output that the answer gives.
    func read(_ body: [UInt8]) throws(Refusal) -> JSONObject {
        let document: JSONDocument
        do {
            document = try JSONDocument(parsing: body)
        } catch {
            throw .notJSON
        }
        for node in [document.root] + wrapped(in: document.root) where AgentWords.isFailure(node) {
            throw .failed(AgentWords.reason(in: node))
        }
        let found = best(in: document)
        var parts = found.fitting
        var words = AgentWords.said(in: document.root).map { [$0] } ?? []
        if !found.unfit.isEmpty { words.append(JSONValue.object(found.unfit).description) }
        if parts.isEmpty, words.isEmpty {
            guard document.root.count > 0 else { throw .nothingSaid }
            words = [document.root.value.description]
        }
        if !words.isEmpty { parts[AgentWords.member] = .string(words.joined(separator: "\n\n")) }
        return parts
    }

    /// The object with the most members that fit: the root, or one inside a wrapper.
    private func best(in document: JSONDocument) -> OutputMembers.Found {
        var best = members.find(in: document)
        var open = wrapped(in: document.root)
        for _ in 0..<AgentWords.depth {
            for node in open {
                guard let inner = try? JSONDocument(node.value) else { continue }
                let found = members.find(in: inner)
                if (found.fitting.count, found.unfit.count) > (best.fitting.count, best.unfit.count) { best = found }
            }
            open = open.flatMap(wrapped)
        }
        return best
    }

    private func wrapped(in node: JSONNode) -> [JSONNode] {
        AgentWords.names.compactMap { name in node[name].flatMap { $0.kind == .object ? $0 : nil } }
    }
}
