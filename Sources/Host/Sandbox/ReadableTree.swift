// "Everything but" in the terms of Landlock, which knows only what is allowed, and allows a folder with all that is in
// it.

/// Files and folders that make up everything but a few; a value.
enum ReadableTree {
    /// - Parameters:
    ///   - hidden: absolute paths without links in them.
    ///   - names: of what lies in a folder; empty where that cannot be looked at.
    /// - Returns: paths that with all below them are everything but `hidden` and the folders on the way there. Whatever
    ///   comes into such a folder later is not among it.
    static func roots(without hidden: [String], names: (String) -> [String]) -> [String] {
        let hidden = hidden.map { $0.count > 1 && $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
        guard !hidden.contains("/") else { return [] }
        guard !hidden.isEmpty else { return ["/"] }
        var roots: [String] = []
        func visit(_ folder: String) {
            for name in names(folder) {
                let path = "\(folder)/\(name)"
                if hidden.contains(path) { continue }
                if hidden.contains(where: { $0.hasPrefix(path + "/") }) { visit(path) } else { roots.append(path) }
            }
        }
        visit("")
        return roots
    }
}
