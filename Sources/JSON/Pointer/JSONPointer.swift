// JSON Pointers (RFC 6901): how errors and references name a place in a document.

package enum JSONPointer {
    /// One reference token with `~` and `/` escaped.
    package static func escape(_ token: String) -> String {
        guard token.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else { return token }
        var escaped = ""
        for scalar in token.unicodeScalars {
            switch scalar {
            case "~": escaped += "~0"
            case "/": escaped += "~1"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// The tokens of a pointer; nil when it is malformed.
    package static func tokens(_ pointer: String) -> [String]? {
        if pointer.isEmpty { return [] }
        var tokens: [[UInt8]] = []
        var bytes = pointer.utf8.makeIterator()
        guard bytes.next() == UInt8(ascii: "/") else { return nil }
        tokens.append([])
        while let byte = bytes.next() {
            switch byte {
            case UInt8(ascii: "/"): tokens.append([])
            case UInt8(ascii: "~"):
                switch bytes.next() {
                case UInt8(ascii: "0"): tokens[tokens.count - 1].append(UInt8(ascii: "~"))
                case UInt8(ascii: "1"): tokens[tokens.count - 1].append(UInt8(ascii: "/"))
                default: return nil
                }
            default: tokens[tokens.count - 1].append(byte)
            }
        }
        return tokens.map { String(decoding: $0, as: UTF8.self) }
    }

    /// What stands at a place; nil where nothing does.
    package static func value(at pointer: String, in root: JSONValue) -> JSONValue? {
        guard let tokens = tokens(pointer) else { return nil }
        var value = root
        for token in tokens {
            switch value {
            case .object(let members):
                guard let member = members[token] else { return nil }
                value = member
            case .array(let elements):
                guard let index = arrayIndex(token), elements.indices.contains(index) else { return nil }
                value = elements[index]
            default: return nil
            }
        }
        return value
    }

    /// An array index without sign or leading zeros.
    package static func arrayIndex(_ token: String) -> Int? {
        guard token == "0" || (token.utf8.first != UInt8(ascii: "0") && token.utf8.allSatisfy(isDigit)) else {
            return nil
        }
        return Int(token)
    }
}

extension Tape {
    /// The pointer to a value: found by walking down, because only violations ask.
    package func pointer(to target: Int) -> String {
        var pointer = ""
        var container = 0
        while container != target {
            let isObject = entries[container].kind == .object
            let end = Int(entries[container].next)
            var child = container + 1
            var position = 0
            while child < end {
                let value = isObject ? child + 1 : child
                if target < Int(entries[value].next) {
                    pointer += "/" + (isObject ? JSONPointer.escape(string(child)) : String(position))
                    container = value
                    break
                }
                child = Int(entries[value].next)
                position += 1
            }
            // Only an index outside the container gets here, and no caller has one.
            if child >= end { return pointer }
        }
        return pointer
    }
}
