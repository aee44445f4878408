// Objects that keep the order of their members, so that documents come out as they were written.

/// The members of a JSON object in insertion order. Names are compared byte by byte, so canonically equivalent
/// spellings of one word stay different names, as in RFC 8259 section 8.3. Order does not count for equality.
public struct JSONObject: Sendable {
    private var members: [(key: String, value: JSONValue)] = []
    /// Where each name is; only kept for objects too large to search.
    private var positions: [ExactText: Int] = [:]

    private static let searchLimit = 12

    public init() {}

    public var count: Int { members.count }
    public var isEmpty: Bool { members.isEmpty }
    public var keys: [String] { members.map(\.key) }

    /// The member's value. Assigning replaces in place or appends; assigning nil removes.
    public subscript(key: String) -> JSONValue? {
        get { position(of: key).map { members[$0].value } }
        set {
            if let position = position(of: key) {
                if let newValue {
                    members[position].value = newValue
                } else {
                    members.remove(at: position)
                    index()
                }
            } else if let newValue {
                append(key, newValue)
            }
        }
    }

    /// Appends a member whose name is known to be new.
    mutating func append(_ key: String, _ value: JSONValue) {
        members.append((key, value))
        if members.count == Self.searchLimit + 1 {
            index()
        } else if members.count > Self.searchLimit {
            positions[ExactText(key)] = members.count - 1
        }
    }

    private func position(of key: String) -> Int? {
        if members.count > Self.searchLimit { return positions[ExactText(key)] }
        return members.firstIndex { sameText($0.key, key) }
    }

    private mutating func index() {
        positions = [:]
        guard members.count > Self.searchLimit else { return }
        for (position, member) in members.enumerated() { positions[ExactText(member.key)] = position }
    }
}

extension JSONObject: Hashable {
    public static func == (a: JSONObject, b: JSONObject) -> Bool {
        a.count == b.count && a.members.allSatisfy { b[$0.key] == $0.value }
    }

    public func hash(into hasher: inout Hasher) {
        var sum = 0
        for member in members {
            var one = Hasher()
            one.combine(ExactText(member.key))
            one.combine(member.value)
            sum &+= one.finalize()
        }
        hasher.combine(sum)
    }
}

extension JSONObject: Sequence, ExpressibleByDictionaryLiteral {
    public func makeIterator() -> IndexingIterator<[(key: String, value: JSONValue)]> { members.makeIterator() }

    /// A name given twice keeps its last value.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        for (key, value) in elements { self[key] = value }
    }
}

/// Text compared by its bytes; `String` itself compares by canonical equivalence. Eight at a time: schemas are compiled
/// with places as keys, and byte by byte, with more places sorted, that took a third more instructions.
package struct ExactText: Sendable, Hashable {
    package var text: String

    package init(_ text: String) { self.text = text }

    package static func == (a: ExactText, b: ExactText) -> Bool {
        let (one, other) = (a.text.utf8.span, b.text.utf8.span)
        return one.count == other.count && sameBytes(one, 0, other, 0, one.count)
    }

    package func hash(into hasher: inout Hasher) {
        let bytes = text.utf8.span
        var index = 0
        while index <= bytes.count - 8 {
            hasher.combine(word(bytes, index))
            index += 8
        }
        hasher.combine(shortWord(bytes.extracting(index...)))
        hasher.combine(bytes.count)
    }
}

func sameText(_ a: String, _ b: String) -> Bool {
    a.utf8.count == b.utf8.count && a.utf8.elementsEqual(b.utf8)
}
