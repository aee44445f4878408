// The files and folders that are the host's own: whatever opens to a pack may be none of them, hold none and lie in
// none.

import Glibc
import HostBase
import HostSandbox

/// What no pack is given, whoever names it, and where paths begin that are not absolute.
struct HostPlaces: Sendable {
    /// A file or a folder of the host's.
    private struct Place: Equatable {
        /// As the operator knows it.
        var name: String
        var path: String

        init(_ path: String, _ name: String? = nil) {
            self.name = name ?? path
            self.path = path
        }
    }

    /// The key of the state folder.
    static let stateKey = "STATE_DIR"

    /// Absolute, as all of these.
    let stateDirectory: String
    /// Where an operator's relative paths begin.
    let workingDirectory: String
    /// What is the host's beside the state folder: the plugins folder, and the files that settings come from or name.
    let own: [String]
    /// Files that a pack may read, but not change.
    let shared: [String]

    /// Why a path opens to no pack; `nil` where nothing stands against it.
    ///
    /// - Parameter folder: the pack's own, which is no other's.
    func objection(to path: CanonicalPath, _ access: OpenPath.Access, folder: PackDataFolder) -> String? {
        if let folder = try? CanonicalPath(folder.path), path.lies(in: folder) { return nil }
        let state = Place(stateDirectory, Self.stateKey)
        let kept = StateFolder.names.map { Place("\(stateDirectory)/\($0)", "\(Self.stateKey)/\($0)") }
        let others = own + (access == .readWrite ? shared : [])
        // A folder that holds it would show the memory of the host.
        let process = Place("/proc/\(getpid())", "the host's own process")
        for place in [state] + kept + others.map({ Place($0) }) + [process] {
            guard let found = try? CanonicalPath(place.path) else { return "cannot be told from \(place.name)" }
            if path.text == found.text { return "is \(place.name)" }
            if found.lies(in: path) { return "holds \(place.name)" }
            if found.links.contains(where: path.holds) { return "holds a link on the way to \(place.name)" }
            // The state folder itself is where folders of packs are.
            if place != state, path.lies(in: found) { return "lies in \(place.name)" }
        }
        return nil
    }
}
