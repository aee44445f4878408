// Bodies are asked for as they are: whoever sends a compressed one all the same is told so, and not that it is no JSON.

import HostBase

/// Content codings (RFC 9110 section 8.4.1).
public enum ContentCoding {
    /// What requests of the host's say: no coding but none (section 12.5.3). Without the field every coding would do.
    public static let asked = (name: "Accept-Encoding", value: "identity")

    /// The codings that `Content-Encoding` names, quoted; `nil` where they change nothing.
    public static func compression(_ fields: some Sequence<String>) -> String? {
        let codings = fields.flatMap { $0.split(separator: ",") }.map(\.trimmed)
            .filter { !$0.isEmpty && $0.lowercased() != "identity" }
        return codings.isEmpty ? nil : ForeignText.quoted(codings.joined(separator: ", "))
    }

    /// For the operator, about an answer.
    public static func sentence(_ compression: String) -> String {
        "the answer is compressed (Content-Encoding \(compression)), though it was asked for as it is "
            + "(Accept-Encoding: identity): the server or a proxy before it has to be told not to"
    }
}
