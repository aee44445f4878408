// Equality of values as JSON Schema defines it, across documents, never in quadratic time.

extension Tape {
    /// Numbers by value, strings by code points, objects regardless of order (core section 4.2.2).
    package func isEqual(_ a: Int, _ other: Tape, _ b: Int) -> Bool {
        let left = entries[a]
        let right = other.entries[b]
        guard left.kind == right.kind else { return false }
        switch left.kind {
        case .null: return true
        case .bool: return left.flags == right.flags
        case .number:
            if let x = plainInteger(a), let y = other.plainInteger(b) { return x == y }
            return DecimalShape.compare(shape(a), bytes.span, other.shape(b), other.bytes.span) == 0
        case .string: return sameString(left, other, right)
        case .array:
            guard left.length == right.length else { return false }
            var x = a + 1
            var y = b + 1
            while x < Int(left.next) {
                guard isEqual(x, other, y) else { return false }
                x = Int(entries[x].next)
                y = Int(other.entries[y].next)
            }
            return true
        case .object:
            return left.length == right.length && sameMembers(a, other, b)
        }
    }

    private func sameString(_ left: TapeEntry, _ other: Tape, _ right: TapeEntry) -> Bool {
        left.length == right.length
            && sameBytes(bytes.span, Int(left.start), other.bytes.span, Int(right.start), Int(left.length))
    }

    private func sameMembers(_ a: Int, _ other: Tape, _ b: Int) -> Bool {
        if entries[a].length > 16 {
            return zip(sortedKeys(a), other.sortedKeys(b)).allSatisfy { x, y in
                sameString(entries[x], other, other.entries[y]) && isEqual(x + 1, other, y + 1)
            }
        }
        let text = bytes.span
        var key = a + 1
        while key < Int(entries[a].next) {
            let entry = entries[key]
            guard let value = other.member(b, text, Int(entry.start), Int(entry.length), entry.mark),
                isEqual(key + 1, other, value)
            else { return false }
            key = Int(entries[key + 1].next)
        }
        return true
    }

    /// Equal values hash alike. `Hasher` is seeded per process, so collisions cannot be made on purpose.
    func hash(_ node: Int, into hasher: inout Hasher) {
        let entry = entries[node]
        hasher.combine(entry.kind.rawValue)
        switch entry.kind {
        case .null: break
        case .bool: hasher.combine(entry.flags.rawValue)
        case .number: shape(node).hash(into: &hasher, bytes.span)
        case .string: hashContent(entry, into: &hasher)
        case .array:
            var item = node + 1
            while item < Int(entry.next) {
                hash(item, into: &hasher)
                item = Int(entries[item].next)
            }
        case .object:
            var sum = 0
            var key = node + 1
            while key < Int(entry.next) {
                var member = Hasher()
                hashContent(entries[key], into: &member)
                hash(key + 1, into: &member)
                sum &+= member.finalize()
                key = Int(entries[key + 1].next)
            }
            hasher.combine(sum)
        }
    }

    private func hashContent(_ entry: TapeEntry, into hasher: inout Hasher) {
        hasher.combine(entry.length)
        let text = bytes.span
        for index in Int(entry.start)..<Int(entry.start + entry.length) { hasher.combine(text[index]) }
    }

    /// The positions of two equal items of an array.
    package func equalItems(_ array: Int) -> (Int, Int)? {
        let count = Int(entries[array].length)
        return count <= 16 ? equalItemsByPairs(array) : equalItemsByHash(array, count)
    }

    private func equalItemsByPairs(_ array: Int) -> (Int, Int)? {
        let end = Int(entries[array].next)
        var first = array + 1
        var firstPosition = 0
        while first < end {
            var second = Int(entries[first].next)
            var secondPosition = firstPosition + 1
            while second < end {
                if isEqual(first, self, second) { return (firstPosition, secondPosition) }
                second = Int(entries[second].next)
                secondPosition += 1
            }
            first = Int(entries[first].next)
            firstPosition += 1
        }
        return nil
    }

    private func equalItemsByHash(_ array: Int, _ count: Int) -> (Int, Int)? {
        var items: [(hash: Int, node: Int, position: Int)] = []
        items.reserveCapacity(count)
        var node = array + 1
        for position in 0..<count {
            var hasher = Hasher()
            hash(node, into: &hasher)
            items.append((hasher.finalize(), node, position))
            node = Int(entries[node].next)
        }
        items.sort { ($0.hash, $0.position) < ($1.hash, $1.position) }
        for (a, b) in zip(items, items.dropFirst()) where a.hash == b.hash && isEqual(a.node, self, b.node) {
            return (a.position, b.position)
        }
        return nil
    }
}
