// Parts of documentation that are made from the code, compared with it.

import Foundation
import Testing

/// Expects that `docs/{file}` has `text` between the lines `<!-- made: {name} -->` and `<!-- /made -->`. With
/// `UPDATE_GOLDEN` it is written there.
func expectBlock(_ text: String, named name: String, in file: String, source: StaticString = #filePath) throws {
    let root = URL(fileURLWithPath: "\(source)").deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    let url = root.appendingPathComponent("docs/\(file)")
    let document = try String(contentsOf: url, encoding: .utf8)
    let start = try #require(document.range(of: "<!-- made: \(name) -->\n"), "docs/\(file) has no block \(name)")
    let end = try #require(document.range(of: "<!-- /made -->", range: start.upperBound..<document.endIndex))
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
        let updated = document.replacingCharacters(in: start.upperBound..<end.lowerBound, with: text)
        try Data(updated.utf8).write(to: url)
        return
    }
    let lines = document[start.upperBound..<end.lowerBound].split(separator: "\n", omittingEmptySubsequences: false)
    let expected = text.split(separator: "\n", omittingEmptySubsequences: false)
    let first = zip(lines, expected).first { $0 != $1 }
    #expect(
        lines == expected,
        "docs/\(file) tells another \(name) than the code, which has: \(first?.1 ?? "more lines, or fewer")")
}
