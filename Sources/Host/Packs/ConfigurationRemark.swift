// What an operator should know of a pack's configuration, though nothing is wrong with it.

import HostBase

/// One thing to tell: in the log, in `toolhost tools` and in `toolhost doctor`.
public enum ConfigurationRemark: Sendable, Hashable {
    /// The pack asks for STATE_DIR, as packs did that had no folder of their own, and is given its own.
    ///
    /// - Parameter copy: what brings its old files there; `nil` where no file can be its.
    case ownStateFolder(property: String, path: String, copy: String?)
    /// A name that it asks for has a value and is not listed. - Parameter line: what lists it.
    case unlisted(property: String, name: String, line: String)
    /// A path to read where nothing is.
    case absent(key: String, path: String)

    /// The same words every time.
    public var message: String {
        switch self {
        case .ownStateFolder: "a pack is given its own folder where it asks for STATE_DIR"
        case .unlisted: "a pack asks for a name that its env: does not list, and is not given it"
        case .absent: "a path of a pack's configuration leads to nothing, and is not opened"
        }
    }

    public var metadata: [String: String] {
        switch self {
        case .ownStateFolder(let property, let path, let copy):
            let parts = ["property": property, "path": path]
            guard let copy else { return parts }
            return parts.merging(["old_files": "stop the host and run: \(copy)"]) { $1 }
        case .unlisted(let property, let name, let line):
            return ["property": property, "name": name, "yaml": line]
        case .absent(let key, let path):
            return ["key": key, "path": path]
        }
    }

    /// In a sentence, for people.
    public var text: String {
        switch self {
        case .ownStateFolder(let property, let path, let copy):
            "\(property) asks for STATE_DIR and is given the pack's own folder, \(path)"
                + (copy.map { "; to take its old files along, stop the host and run: \($0)" } ?? "")
        case .unlisted(let property, let name, let line):
            "\(property) asks for \(name), which env: does not list, and is not given it; to give it: \(line)"
        case .absent(let key, let path):
            "\(key): there is nothing at \(path), and nothing is opened there until the host starts again"
        }
    }
}
