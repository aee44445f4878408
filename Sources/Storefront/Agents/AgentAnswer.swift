// What an agent's answer comes to in the terms of a tool: the typed members it states, and its words as words.

import JSON
import ToolSDK

/// Reads good answers (2xx) of one tool's agent.
///
/// Nothing is read out of prose. What is typed counts where it fits the output schema; a member that does not fit is
/// quoted as JSON behind the prose, so that nothing is made to look exact that is not. What neither speaks nor has a
/// name of the tool's is left out, such as the ids and counts of the agent's own framework. An answer that lacks a
/// member which the tool's own answers always have, and says nothing, has what it states for its words as well.
struct AgentAnswer: Sendable {
    private let members: OutputMembers

    /// - Parameter output: The tool's output schema.
    init(output: JSONValue) {
        members = OutputMembers(of: output)
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
        let words = AgentWords.said(in: document.root).map { [$0] } ?? []
        if found.fitting.isEmpty, found.unfit.isEmpty, words.isEmpty, document.root.count == 0 { throw .nothingSaid }
        // What the tool does not declare is not for its callers, in whatever form.
        let quoted = found.fitting.isEmpty ? document.root.value : .object(found.fitting)
        return members.answer(found, words: words, otherwise: quoted.description)
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
