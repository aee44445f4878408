// Compares documents with files that people have read, so that every change of a document shows in review.

import Foundation
import JSON
import Testing

/// Expects `value` to be what `Golden/{name}` holds. To write the files anew after an intended change, run
/// `UPDATE_GOLDEN=1 swift test --filter Golden` and read the difference before committing it.
func expectGolden(_ value: JSONValue, _ name: String, file: StaticString = #filePath) throws {
    let url = URL(fileURLWithPath: "\(file)").deletingLastPathComponent().appendingPathComponent("Golden/\(name)")
    let bytes = value.bytes(pretty: true) + [UInt8(ascii: "\n")]
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
        try Data(bytes).write(to: url)
        return
    }
    let golden = String(decoding: try Data(contentsOf: url), as: UTF8.self)
    let lines = golden.split(separator: "\n", omittingEmptySubsequences: false)
    let actual = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    let first = zip(lines, actual).enumerated().first { $1.0 != $1.1 }
    #expect(
        lines == actual,
        "\(name) differs from line \((first?.offset ?? min(lines.count, actual.count)) + 1): \(first?.element.1 ?? "")")
}
