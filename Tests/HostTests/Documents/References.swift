// Follows references the way an importer does, knowing nothing of how the documents are made.

import JSON

/// Places of all members called `$ref` in `document` that lead nowhere, and how many there are in all.
func danglingReferences(in document: JSONValue) -> (dangling: [String], count: Int) {
    var dangling: [String] = []
    var count = 0
    func walk(_ value: JSONValue, _ place: String) {
        switch value {
        case .object(let members):
            for (key, member) in members {
                if key == "$ref" {
                    count += 1
                    let reference = member.string ?? ""
                    if follow(reference, in: document) == nil { dangling.append("\(place)/$ref: \(reference)") }
                }
                walk(member, "\(place)/\(key)")
            }
        case .array(let elements):
            for (index, element) in elements.enumerated() { walk(element, "\(place)/\(index)") }
        default:
            break
        }
    }
    walk(document, "")
    return (dangling, count)
}

func follow(_ reference: String, in document: JSONValue) -> JSONValue? {
    guard reference.hasPrefix("#/") else { return nil }
    var value = document
    for part in reference.dropFirst(2).split(separator: "/", omittingEmptySubsequences: false) {
        let key = String(part).replacing("~1", with: "/").replacing("~0", with: "~")
        guard let next = Int(key).flatMap({ value[$0] }) ?? value[key] else { return nil }
        value = next
    }
    return value
}
