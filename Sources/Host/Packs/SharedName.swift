// A name of the host's configuration that reaches several packs, though no operator lists it for them.

/// A name, and the packs that are given its value because they ask for it.
struct SharedName: Sendable, Equatable {
    var name: String
    var files: [String]

    var text: String { "\(name) (\(files.joined(separator: ", ")))" }

    /// Those that more than one pack is given, in the order of names.
    ///
    /// - Parameter given: for each pack file the names that it is given and that are not listed.
    static func all(of given: [(file: String, names: [String])]) -> [SharedName] {
        var files: [String: [String]] = [:]
        for pack in given {
            for name in Set(pack.names) { files[name, default: []].append(pack.file) }
        }
        return files.filter { $0.value.count > 1 }.sorted { $0.key < $1.key }.map(SharedName.init)
    }
}

extension SharedName {
    fileprivate init(_ entry: (key: String, value: [String])) {
        (name, files) = (entry.key, entry.value)
    }
}
