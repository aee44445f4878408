// Where a value of a document is, for whoever has to be told.

extension Tape {
    /// The pointer to a value: found by walking down, because only violations ask.
    package func pointer(to target: Int) -> JSONPointer {
        var pointer = JSONPointer()
        var container = 0
        while container != target {
            let isObject = entries[container].kind == .object
            let end = Int(entries[container].next)
            var child = container + 1
            var position = 0
            while child < end {
                let value = isObject ? child + 1 : child
                if target < Int(entries[value].next) {
                    pointer.append(isObject ? string(child) : String(position))
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
