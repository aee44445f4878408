// Tables in documents and numbers in the header are those that the code goes by.

import Foundation
import JSON
import JSONSchema
import NIOCore
import Testing

@testable import HostCalls
@testable import HostClients
@testable import HostDocuments
@testable import HostEngines
@testable import HostPacks
@testable import HostSandbox

@Suite struct DocumentedTablesTests {
    @Test func clientsPageIsTheTable() throws {
        try expectBlock(ClientQuirks.markdown, named: "quirks", in: "clients.md")
    }

    @Test func boundsOfSchemasAreTheOnesThatHold() throws {
        let rows = SchemaBounds.described.map { "| \($0.bound) | \($0.number) |\n" }.joined()
        try expectBlock("| | at most |\n|---|---|\n" + rows, named: "bounds", in: "writing-a-pack.md")
    }

    @Test func boundsOfPacksAreThoseThatAreTaken() throws {
        let forms = [LimitForm.memory, .threads, .openFiles, .fileSize]
        let rows = zip(LimitRules.keys, forms).map { key, form in
            "| `\(key)` | \(form.ends.least) | \(form.ends.most)\(form.mayBeNone ? ", or `none`" : "") |\n"
        }.joined()
        try expectBlock("| | at least | at most |\n|---|---|---|\n" + rows, named: "limits", in: "operating.md")
    }

    @Test func headerStatesTheBounds() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let header = try String(
            contentsOf: root.appendingPathComponent("Sources/ToolABI/include/tool_abi.h"), encoding: .utf8)
        // Comments go over lines.
        let text = header.split(whereSeparator: \.isWhitespace).filter { $0 != "*" }.joined(separator: " ")
        for phrase in [
            "required: [A-Za-z0-9_]{1,\(ABIBounds.name)}", "up to \(ABIBounds.title) bytes; empty: the name",
            "required, 1 to \(OpenAILimits.operationText) characters", "up to \(ABIBounds.description >> 10) KiB",
            "required: of the arguments, up to \(ABIBounds.schema >> 20) MiB",
            "up to \(OpenAILimits.parameterText) characters",
            "required: of the content of a TOOL_OK result, up to \(ABIBounds.schema >> 20) MiB",
            "a JSON object of up to \(ABIBounds.meta >> 20) MiB",
            "up to \(ABIBounds.items) OAuth scopes of up to \(ABIBounds.scope) bytes",
            "more than \(CallSettings.longestTimeout.nanoseconds / 1_000_000_000) seconds",
            "required: 1 to \(ABIBounds.tools)", "required: [a-z][a-z0-9-]{0,\(ABIBounds.id - 1)}",
            "people and logs; up to \(ABIBounds.version) bytes", "up to \(ABIBounds.packDescription) bytes",
            "as above; up to \(ABIBounds.schema >> 20) MiB", "at most \(JSONLimits().depth) deep",
        ] {
            #expect(text.contains(phrase), "tool_abi.h does not say \"\(phrase)\"")
        }
    }
}
