// A review as commands print it.

import HostClients
import JSON

extension ClientReview {
    /// For people: nothing where there is nothing to tell.
    var lines: [String] {
        if findings.isEmpty { return [] }
        let worstFirst = findings.enumerated().sorted {
            ($0.element.quirk.harm, $0.offset) < ($1.element.quirk.harm, $1.offset)
        }
        return ["", "Clients may refuse or misread (docs/clients.md):"] + worstFirst.map { "  \($0.element.line)" }
    }

    /// For programs.
    var json: JSONValue {
        .array(
            findings.map { finding in
                var object: JSONObject = ["quirk": .string(finding.quirk.id)]
                if let tool = finding.tool { object["tool"] = .string(tool) }
                object["pointer"] = .string(finding.place.pointer.description)
                object["detail"] = .string(finding.place.detail)
                object["further_places"] = JSONValue(Int64(finding.more))
                object["clients"] = .string(finding.quirk.clients)
                object["harm"] = .string(finding.quirk.harm.words)
                object["remedy"] = .string(finding.quirk.remedy)
                object["sources"] = .array(finding.quirk.sources.map(JSONValue.string))
                return .object(object)
            })
    }
}
