// The plugins folder as a host or a command finds it: which names are packs, which are their policies, and which look
// so.

import HostBase
import HostCalls

/// The plugins folder, judged, listed once and kept open.
struct PackFolder: Sendable {
    let folder: DecidingFolder
    let names: PackNames

    /// - Throws: `PackRefusal` of the folder as a whole.
    init(path: String, trust: FileTrust) throws(PackRefusal) {
        do {
            folder = try DecidingFolder(path: path, trust: trust)
            names = PackNames(of: try folder.names())
        } catch {
            throw PackRefusal(file: path, reason: "the plugins folder is not used: \(error)")
        }
    }

    /// A pack's file. - Throws: `PackRefusal` when it cannot be used.
    func pack(_ name: String) throws(PackRefusal) -> DecidingFile {
        do {
            if let file = try folder.file(name) { return file }
        } catch {
            throw PackRefusal(file: name, reason: "\(error)")
        }
        throw PackRefusal(file: name, reason: "was removed while packs were loaded")
    }

    /// What the operator says of a pack, and the file that says so; there is none beside most packs.
    ///
    /// - Parameter secrets: names that no file may list for a pack.
    func policy(of name: String, secrets: Set<String>) throws(PackRefusal) -> (policy: PackPolicy, file: DecidingFile?)
    {
        let policy = PackNames.policy(of: name)
        let file: DecidingFile?
        do {
            file = try folder.file(policy)
        } catch {
            throw PackRefusal(file: name, reason: "\(error)")
        }
        guard let file else {
            // Between the listing and now: somebody is at work on it, and what it says is not known.
            guard !names.all.contains(FileName(policy)) else {
                throw PackRefusal(file: name, reason: "\(policy) was removed while packs were loaded; start again")
            }
            return (PackPolicy(), nil)
        }
        return (try PackPolicy(of: name, in: file, secrets: secrets), file)
    }
}

extension PackPolicy {
    /// What the file beside a pack says that lies anywhere.
    ///
    /// - Parameters:
    ///   - path: the pack's, absolute.
    ///   - name: its file name.
    ///   - secrets: names that no file may list for a pack.
    public init(
        beside path: String, named name: String, trust: FileTrust, secrets: Set<String>
    ) throws(PackRefusal) {
        let policy = "\(path.dropLast(name.count))\(PackNames.policy(of: name))"
        let file: DecidingFile?
        do {
            file = try DecidingFile(path: policy, trust: trust)
        } catch {
            throw PackRefusal(file: name, reason: "\(error)")
        }
        if let file { try self.init(of: name, in: file, secrets: secrets) } else { self.init() }
    }

    fileprivate init(of name: String, in file: DecidingFile, secrets: Set<String>) throws(PackRefusal) {
        let policy = PackNames.policy(of: name)
        do {
            let text = try file.text(limit: PackPolicy.sizeLimit)
            // As a full disk or an editor leaves it: what it said is not known.
            guard !text.isEmpty else {
                throw PackRefusal(
                    file: name, reason: "\(policy) is empty; delete it, or write into it what it is to say")
            }
            try self.init(parsing: text)
            try require(noneOf: secrets)
        } catch let error as PolicyFault {
            throw PackRefusal(file: name, reason: "\(policy): \(error)")
        } catch let error as PackRefusal {
            throw error
        } catch {
            throw PackRefusal(file: name, reason: "\(error)")
        }
    }
}
