// The form of .env files.

import Testing

@testable import HostApp

@Suite struct EnvironmentFileTests {
    @Test func commentsQuotesAndExportAreUnderstood() throws {
        let file = try EnvironmentFile(
            parsing: """
                # Authentication Mode
                MCP_AUTH_MODE=oauth2

                export A = spaced out   # a remark
                B="two\\nlines # kept" # gone
                C='li$teral\\n'
                D=a#b
                E=
                F=https://login.example.com/{tenant}/v2.0
                """, name: ".env")
        #expect(file.values["MCP_AUTH_MODE"] == "oauth2")
        #expect(file.values["A"] == "spaced out")
        #expect(file.values["B"] == "two\nlines # kept")
        #expect(file.values["C"] == "li$teral\\n")
        #expect(file.values["D"] == "a#b")
        #expect(file.values["E"] == "")
        #expect(file.values["F"] == "https://login.example.com/{tenant}/v2.0")
    }

    @Test(arguments: [
        ("OK=1\nnonsense", "line 2"), ("1A=x", "line 1"), ("A=\"open", "line 1"), ("A='x' y", "line 1"),
        ("=x", "line 1"),
    ])
    func aBadLineIsNamed(text: String, line: String) throws {
        let error = try #require(throws: SettingsError.self) { try EnvironmentFile(parsing: text, name: ".env") }
        #expect(error.key.contains(line))
        #expect(error.key.hasPrefix(".env"))
    }
}
