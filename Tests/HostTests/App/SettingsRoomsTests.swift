// Rooms know no keys of settings, but their texts tell an operator of some.

import Foundation
import Testing

@testable import HostApp

@Suite struct SettingsRoomsTests {
    private struct Line {
        var place: String
        var text: Substring
    }

    private static let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Sources")

    /// The code of the rooms that read no settings, without comments.
    private static func linesOfRooms() throws -> [Line] {
        let root = sources.appendingPathComponent("Host")
        let names = try FileManager.default.subpathsOfDirectory(atPath: root.path).filter { $0.hasSuffix(".swift") }
        let readers = ["App/Settings/", "App/Reports/", "App/Application"]
        return try names.filter { name in !readers.contains { name.hasPrefix($0) } }.flatMap { name in
            try String(contentsOf: root.appendingPathComponent(name), encoding: .utf8)
                .split(separator: "\n", omittingEmptySubsequences: false).enumerated()
                .filter { !$0.element.drop(while: \.isWhitespace).hasPrefix("//") }
                .map { Line(place: "\(name):\($0.offset + 1)", text: $0.element) }
        }
    }

    /// Rooms write the names of keys into their texts, where no compiler looks.
    @Test func textsNameKeysThatThereAre() throws {
        let known = Set(SettingKey.all.map(\.name))
        let families = Set(known.compactMap { $0.split(separator: "_").first })
        let header = try String(
            contentsOf: Self.sources.appendingPathComponent("ToolABI/include/tool_abi.h"), encoding: .utf8)
        let key = /\b([A-Z][A-Z0-9]*)_[A-Z0-9_]+\b/.wordBoundaryKind(.simple)
        var named: Set<String> = []
        for line in try Self.linesOfRooms() {
            for literal in line.text.matches(of: /"(?:[^"\\]|\\.)*"/) {
                for word in literal.output.matches(of: key)
                where families.contains(word.output.1) && !header.contains(word.output.0) {
                    // OpenSSL's reason for an answer without TLS.
                    guard word.output.0 != "HTTP_REQUEST" else { continue }
                    named.insert(String(word.output.0))
                    #expect(known.contains(String(word.output.0)), "\(line.place)")
                }
            }
        }
        #expect(named.isSuperset(of: ["HTTP_MAX_BODY_BYTES", "FILES_GROUP_WRITABLE", "TOOL_WORKERS"]))
    }
}
