// Finds in a pack's own tests what a host would refuse when it loads the pack.

import JSON

extension ToolPack {
    /// What a host would refuse about this pack, in words; empty when there is nothing. Nothing here stops a pack that
    /// has problems from being loaded: the host refuses the tool in question and serves the others.
    ///
    /// ```swift
    /// @Test func packIsSound() { #expect(CatalogPack.problems() == []) }
    /// ```
    public static func problems() -> [String] {
        var problems: [String] = []
        if !isPackID(id) { problems.append("the pack's id \"\(id)\" is not [a-z][a-z0-9-]{0,63}") }
        if version.isEmpty { problems.append("the pack has no version") }
        problems += configuration.faults.map { "configuration: \($0)" }
        problems += SchemaProblems.of(configuration.jsonSchema(for: .configuration), at: "configuration")
        var names: Set<String> = []
        for tool in tools.map(\.statement) {
            if !names.insert(tool.name).inserted { problems.append("two tools are named \"\(tool.name)\"") }
            problems += tool.problems().map { "\(tool.name): \($0)" }
        }
        return problems
    }

    private static func isPackID(_ id: String) -> Bool {
        guard let first = id.utf8.first, isLower(first), id.utf8.count <= 64 else { return false }
        return id.utf8.allSatisfy { isLower($0) || isDigit($0) || $0 == UInt8(ascii: "-") }
    }
}

extension ToolStatement {
    /// The limits are those of the contract's header, and 700 characters for the description of a member.
    fileprivate func problems() -> [String] {
        var problems = faults
        let isName = name.utf8.allSatisfy { isLower($0 | 0x20) && $0 >= 0x41 || isDigit($0) || $0 == UInt8(ascii: "_") }
        if !(1...64).contains(name.utf8.count) || !isName { problems.append("the name is not [A-Za-z0-9_]{1,64}") }
        if title.isEmpty { problems.append("the title is empty") }
        if !(1...300).contains(summary.unicodeScalars.count) {
            problems.append("the summary has \(summary.unicodeScalars.count) characters instead of 1 to 300")
        }
        for (one, other, names) in Hints.pairs where hints.contains(one) == hints.contains(other) {
            problems.append("the hints state \(hints.contains(one) ? "both" : "neither") of \(names)")
        }
        if inputSchema["type"] != "object" { problems.append("the input is not an object") }
        problems += SchemaProblems.of(inputSchema, at: "input") + SchemaProblems.of(outputSchema, at: "output")
        for scope in scopes where scope.isEmpty || !scope.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) {
            problems.append("the scope \"\(scope)\" is not printable ASCII")
        }
        return problems
    }
}

private func isLower(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
