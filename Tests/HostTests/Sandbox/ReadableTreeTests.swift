// Everything but what is hidden, as Landlock has to be told.

import Testing

@testable import HostSandbox

@Suite struct ReadableTreeTests {
    /// A small file system: folders with their names.
    private static let folders: [String: [String]] = [
        "": ["etc", "usr", "var", "srv"],
        "/var": ["lib", "log"],
        "/var/lib": ["toolhost", "toolhost-2", "other"],
        "/var/lib/toolhost": ["auth", "data"],
        "/etc": ["toolhost", "hosts"],
        "/etc/toolhost": ["env", "keys"],
    ]

    struct Row: Sendable {
        var hidden: [String]
        var roots: [String]
    }

    @Test(arguments: [
        Row(hidden: [], roots: ["/"]),
        Row(hidden: ["/"], roots: []),
        Row(
            hidden: ["/var/lib/toolhost"],
            roots: ["/etc", "/usr", "/var/lib/toolhost-2", "/var/lib/other", "/var/log", "/srv"]),
        // A slash at the end is nothing.
        Row(hidden: ["/var/"], roots: ["/etc", "/usr", "/srv"]),
        Row(
            hidden: ["/var/lib/toolhost", "/etc/toolhost/env"],
            roots: [
                "/etc/toolhost/keys", "/etc/hosts", "/usr", "/var/lib/toolhost-2", "/var/lib/other", "/var/log", "/srv",
            ]),
        // One in the other is one.
        Row(hidden: ["/var", "/var/lib/toolhost"], roots: ["/etc", "/usr", "/srv"]),
        // What is not there yet is not among what is.
        Row(hidden: ["/var/log/secret"], roots: ["/etc", "/usr", "/var/lib", "/srv"]),
        Row(hidden: ["/nowhere/file"], roots: ["/etc", "/usr", "/var", "/srv"]),
    ])
    func everythingBut(_ row: Row) {
        let roots = ReadableTree.roots(without: row.hidden) { Self.folders[$0] ?? [] }
        #expect(roots == row.roots)
    }
}
