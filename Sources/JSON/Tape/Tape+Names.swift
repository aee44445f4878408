// Member names: finding one, and finding two that are equal, never in quadratic time.

extension Tape {
    /// The value of the member called `name`.
    func member(_ object: Int, _ name: Span<UInt8>) -> Int? {
        let mark = contentMark(name, 0, name.count)
        return member(object, name, 0, name.count, mark)
    }

    package func member(_ object: Int, _ names: Span<UInt8>, _ start: Int, _ length: Int, _ mark: UInt16) -> Int? {
        let text = bytes.span
        let end = Int(entries[object].next)
        var key = object + 1
        while key < end {
            let entry = entries[key]
            if entry.mark == mark, Int(entry.length) == length,
                sameBytes(text, Int(entry.start), names, start, length)
            {
                return key + 1
            }
            key = Int(entries[key + 1].next)
        }
        return nil
    }

    /// The byte offset of a name that its object already has. Only objects the parser marked are looked at.
    func firstDuplicate(textLength: Int) -> Int? {
        for object in entries.indices where entries[object].flags.contains(.isSuspect) {
            guard entries[object].kind == .object, let key = duplicate(object) else { continue }
            let start = Int(entries[key].start)
            if start < textLength { return start - 1 }
            // The name was written with escapes and lives behind the text: point at the value instead.
            return Int(entries[key + 1].start)
        }
        return nil
    }

    private func duplicate(_ object: Int) -> Int? {
        let end = Int(entries[object].next)
        guard entries[object].length <= 16 else {
            let keys = sortedKeys(object)
            return zip(keys, keys.dropFirst()).first { order($0, $1) == 0 }.map { max($0, $1) }
        }
        var key = object + 1
        while key < end {
            var earlier = object + 1
            while earlier < key {
                if order(earlier, key) == 0 { return key }
                earlier = Int(entries[earlier + 1].next)
            }
            key = Int(entries[key + 1].next)
        }
        return nil
    }

    /// The entries of an object's names in an order that puts equal names side by side.
    func sortedKeys(_ object: Int) -> [Int] {
        var keys: [Int] = []
        keys.reserveCapacity(Int(entries[object].length))
        var key = object + 1
        let end = Int(entries[object].next)
        while key < end {
            keys.append(key)
            key = Int(entries[key + 1].next)
        }
        keys.sort { order($0, $1) < 0 }
        return keys
    }

    private func order(_ a: Int, _ b: Int) -> Int { compareStrings(a, self, b) }

    /// Any total order of string contents; zero when they are equal.
    func compareStrings(_ a: Int, _ other: Tape, _ b: Int) -> Int {
        let left = entries[a]
        let right = other.entries[b]
        if left.mark != right.mark { return Int(left.mark) - Int(right.mark) }
        if left.length != right.length { return left.length < right.length ? -1 : 1 }
        let leftText = bytes.span
        let rightText = other.bytes.span
        for offset in 0..<Int(left.length) {
            let difference = Int(leftText[Int(left.start) + offset]) - Int(rightText[Int(right.start) + offset])
            if difference != 0 { return difference }
        }
        return 0
    }
}
