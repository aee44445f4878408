// Finds what an agent said in words, in the many forms in which models and their frameworks answer.

import JSON
import ToolSDK

@usableFromInline
package enum AgentWords {
    /// The member of a tool's output that carries words.
    @usableFromInline package static let member = "text"

    /// Where answers and the wrappers around them keep what was said, the likeliest first.
    static let names = ["text", "response", "message", "answer", "output", "content", "reply", "result", "data"]
    /// How deep wrappers may stand in each other.
    static let depth = 5

    /// The prose of an answer: a string, or the first one under the names above, looked for near the root first; the
    /// last word of the assistant in a list of messages; the text parts of a message made of parts.
    static func said(in node: JSONNode, depth: Int = depth) -> String? {
        if let text = node.string { return text.contains { !$0.isWhitespace } ? text : nil }
        guard depth > 0 else { return nil }
        if node.kind == .array { return joined(node, depth) }
        for name in names {
            if let text = node[name]?.string, text.contains(where: { !$0.isWhitespace }) { return text }
        }
        if let messages = node["messages"], messages.kind == .array { return lastWord(messages, depth) }
        for name in names {
            if let inner = node[name], inner.kind == .object || inner.kind == .array,
                let text = said(in: inner, depth: depth - 1)
            {
                return text
            }
        }
        return nil
    }

    /// Why something was refused, as the body of an error says; at most 500 characters of it.
    static func reason(in node: JSONNode) -> String? {
        let error = node["error"]
        let text =
            error?.string ?? error.flatMap { $0.kind == .object ? said(in: $0) : nil } ?? node["detail"]?.string
            ?? said(in: node) ?? node["title"]?.string
        return text.map { String($0.prefix(500)) }
    }

    /// Whether an answer says of itself that it is none.
    static func isFailure(_ node: JSONNode) -> Bool {
        if node["success"]?.bool == false || node["ok"]?.bool == false || node["status"]?.string == "error" {
            return true
        }
        switch node["error"]?.kind {
        case .object: return true
        case .string: return node["error"]?.string != ""
        case .bool: return node["error"]?.bool == true
        default: return false
        }
    }

    /// The text parts of a message: `[{"type": "text", "text": "…"}, …]`, or strings.
    private static func joined(_ parts: JSONNode, _ depth: Int) -> String? {
        var texts: [String] = []
        for part in parts.elements {
            guard let text = part.string ?? part["text"]?.string else { continue }
            texts.append(text)
        }
        let text = texts.joined()
        return text.contains { !$0.isWhitespace } ? text : nil
    }

    private static func lastWord(_ messages: JSONNode, _ depth: Int) -> String? {
        for message in messages.elements.reversed() {
            let speaker = message["role"]?.string ?? message["type"]?.string ?? "assistant"
            if ["assistant", "ai"].contains(speaker), let text = said(in: message, depth: depth - 1) { return text }
        }
        return nil
    }
}

extension Schema {
    /// What a tool returns that an agent may answer: this object whole, or words, with whatever is known as data beside
    /// them.
    ///
    /// - Parameter name: What the whole is called in `$defs`.
    @inlinable
    package func orWords(_ name: String) -> Schema<Reply<Value>> {
        replies(
            wordsIn: AgentWords.member,
            "What the shop answered in words, or as JSON where it gave none: it says what was found or done, so read it and "
                + "tell the customer. A member of the other form that is missing beside it is not known",
            whole: name, words: "InWords")
    }
}
