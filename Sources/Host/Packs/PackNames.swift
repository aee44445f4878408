// Sorts the names in the plugins folder: a name that is nearly right is told of, since what its file says would be
// lost.

import HostBase
import HostCalls

/// What the names of a plugins folder stand for. Names are compared byte by byte, as the file system does.
struct PackNames: Sendable {
    let all: Set<FileName>
    /// File names of packs, in the order in which they are loaded.
    let packs: [String]
    /// Packs that no text can name.
    let refusals: [PackRefusal]
    /// Files that look as if they configured a pack, and are never read.
    let warnings: [String]

    init(of names: [FileName]) {
        all = Set(names)
        let visible = names.sorted().filter { $0.bytes.first != UInt8(ascii: ".") }
        let files = visible.filter { $0.hasSuffix(".so") }
        packs = files.compactMap(\.text)
        refusals = files.filter { $0.text == nil }.map {
            PackRefusal(file: $0.shown, reason: "its name is not UTF-8, so nothing could name it; rename it")
        }
        let policies = Set(packs.map { FileName(Self.policy(of: $0)) })
        warnings = visible.filter { !policies.contains($0) }.compactMap { [packs] in Self.warning(of: $0, packs) }
    }

    /// `catalog.yaml` for `catalog.so`.
    static func policy(of pack: String) -> String { stem(pack) + ".yaml" }

    /// `catalog` for `catalog.so`.
    static func stem(_ pack: String) -> String {
        String(pack[..<(pack.utf8.lastIndex(of: UInt8(ascii: ".")) ?? pack.endIndex)])
    }

    private static func warning(of name: FileName, _ packs: [String]) -> String? {
        let shown = name.shown
        let stem = stem(shown)
        let ending = shown.dropFirst(stem.count).lowercased()
        if ending == ".so" && !name.hasSuffix(".so") {
            return "\(shown) in PLUGINS_DIR is not loaded: it has to be called \(stem).so"
        }
        guard ending == ".yaml" || ending == ".yml" else { return nil }
        // Most likely that pack's, since file systems elsewhere take names for the same that differ in case, or in how
        // a letter with an accent is spelt.
        if let pack = packs.first(where: { Self.stem($0).lowercased() == stem.lowercased() }) {
            let policy = policy(of: pack)
            return "\(shown) in PLUGINS_DIR is not read: it has to be called \(policy)"
                + (policy == shown ? ", letter by letter as \(pack) is spelt: its bytes differ" : "")
        }
        if name.hasSuffix(".yaml") {
            return "\(shown) in PLUGINS_DIR is not read: there is no pack \(stem).so beside it"
        }
        return "\(shown) in PLUGINS_DIR is not read: it has to be called \(stem).yaml"
    }
}
