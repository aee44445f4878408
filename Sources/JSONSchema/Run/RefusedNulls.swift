// Finds members that are null where their schema takes no null, for whoever wants such a member to count as left out.

import JSON

/// The members of a document that are `null` although the schema of the member refuses it. Found where it is sure which
/// schema applies: through `properties`, `items`, `prefixItems`, `$ref`, `allOf`, and through the one alternative of
/// `anyOf` or `oneOf` that may be of the value's type at all.
public struct RefusedNulls: Sendable {
    private let tape: Tape
    /// Entries of the names of members that no schema requires, in the order of the text.
    private let optional: [Int]
    /// Entries of the names of members that some schema requires, in the order of the text.
    private let required: [Int]

    init(_ tape: Tape, _ search: NullSearch) {
        self.tape = tape
        let found = Set(search.refused)
        required = found.intersection(search.required).sorted()
        optional = found.subtracting(search.required).sorted()
    }

    public var hasOptional: Bool { !optional.isEmpty }

    /// Whether a JSON Pointer leads to one that may be left out.
    public func isOptional(_ pointer: String) -> Bool { contains(pointer, optional) }

    /// Whether a JSON Pointer leads to one that is required.
    public func isRequired(_ pointer: String) -> Bool { contains(pointer, required) }

    private func contains(_ pointer: String, _ names: [Int]) -> Bool {
        guard !names.isEmpty, let pointer = JSONPointer(parsing: pointer) else { return false }
        var node = JSONNode(tape: tape, index: 0)
        for token in pointer.tokens {
            let next = node.kind == .array ? JSONPointer.arrayIndex(token).flatMap { node[$0] } : node[token]
            guard let next else { return false }
            node = next
        }
        // An element of an array is never one, though an entry stands in front of it too.
        return node.isNull && names.contains(node.index - 1)
    }

    // MARK: Leaving out

    /// The text of the document, an object or an array, without the members that may be left out. Everything else stays
    /// as it was written, but for white space around it.
    public func textWithoutOptional() -> [UInt8] {
        let text = tape.bytes.span
        let whole = tape.range(ofContainer: 0)
        var output: [UInt8] = []
        output.reserveCapacity(whole.count)
        var position = whole.lowerBound
        for cut in cuts(text) {
            for index in position..<cut.lowerBound { output.append(text[index]) }
            position = cut.upperBound
        }
        for index in position..<whole.upperBound { output.append(text[index]) }
        return output
    }

    /// What to take away, in the order of the text. Members that follow each other are one cut, so that a comma goes
    /// with each, whether they are the first, the last or all of their object.
    private func cuts(_ text: Span<UInt8>) -> [Range<Int>] {
        var cuts: [Range<Int>] = []
        for name in optional {
            let value = Int(tape.entries[name + 1].start)
            var start = Self.startOfName(text, before: value)
            var end = Self.skipSpace(text, from: value + 4)
            if let last = cuts.last, last.upperBound == start {
                start = last.lowerBound
                cuts.removeLast()
            }
            if text[end] == UInt8(ascii: ",") {
                end = Self.skipSpace(text, from: end + 1)
            } else {
                let before = Self.skipSpace(text, backFrom: start)
                if text[before] == UInt8(ascii: ",") { start = before }
            }
            cuts.append(start..<end)
        }
        return cuts
    }

    /// The opening quote of the name in front of a value. The name's entry does not say it where there are escapes in
    /// it.
    private static func startOfName(_ text: Span<UInt8>, before value: Int) -> Int {
        let colon = skipSpace(text, backFrom: value)
        var quote = skipSpace(text, backFrom: colon) - 1
        while true {
            while text[quote] != UInt8(ascii: "\"") { quote -= 1 }
            var slash = quote - 1
            while text[slash] == UInt8(ascii: "\\") { slash -= 1 }
            // Behind an odd number of them it is a part of the name.
            if (quote - slash) & 1 == 1 { return quote }
            quote = slash
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    /// The first position from `start` that holds no white space. There is one: the text was parsed.
    private static func skipSpace(_ text: Span<UInt8>, from start: Int) -> Int {
        var position = start
        while isSpace(text[position]) { position += 1 }
        return position
    }

    /// The last position before `end` that holds no white space.
    private static func skipSpace(_ text: Span<UInt8>, backFrom end: Int) -> Int {
        var position = end - 1
        while isSpace(text[position]) { position -= 1 }
        return position
    }
}

extension CompiledSchema {
    /// Members that are `null` where their schema refuses it. Takes no more steps than a validation may
    /// (`SchemaBounds.work`); where those do not suffice, none are found.
    public func refusedNulls(in document: JSONDocument) -> RefusedNulls { searchedNulls(in: document).nulls }

    func searchedNulls(in document: JSONDocument) -> (nulls: RefusedNulls, steps: Int) {
        var search = NullSearch()
        guard document.tape.entries.contains(where: { $0.kind == .null }) else {
            return (RefusedNulls(document.tape, search), 0)
        }
        var run = SchemaRun(program, document.tape, report: nil)
        let budget = run.budget
        run.searchNulls(0, 0, &search)
        return (RefusedNulls(document.tape, run.isExhausted ? NullSearch() : search), budget - run.budget)
    }
}
