// Follows a path folder by folder, through links, as the kernel does, and judges each folder through its open
// descriptor.

import CGlibc
import Glibc

/// A way from a folder to what a path names. The kernel would follow the path at once, and say nothing of what lies
/// between.
struct FileWalk {
    /// Where a path led.
    struct Arrival {
        /// Stands for what was found, and cannot be read.
        var file: OpenFile
        var status: FileStatus
        /// The path of what was found, without links.
        var place: String
        /// Where to open it, unless it is a folder: there, and under this name.
        var folder: OpenFile
        var name: FileName?
        /// Folders on the way that a group may write to.
        var remarks: [FileTrust.Remark]
    }

    private struct Step {
        var name: FileName
        /// The last component of the path as it was named: only that it is missing means that there is no such file.
        var isOwn: Bool
    }

    /// As many as the kernel follows.
    private static let linkLimit = 40

    private let trust: FileTrust
    /// The path as it was named, for whoever reads what is wrong.
    private let path: String
    private var folder: OpenFile
    /// The path of `folder`, without links; empty for the one above all.
    private var place: String
    /// The last one is next.
    private var steps: [Step]
    private var links: [(place: String, target: String)] = []
    /// The folder that is known to be good.
    private var judged: OpenFile?
    private var remarks: [FileTrust.Remark] = []
    private var refusal: String?

    /// From the folder above all.
    init(to path: String, trust: FileTrust) throws(FileFault) {
        guard path.hasPrefix("/") else {
            throw FileFault(
                "\(path) cannot be found: the folder in which toolhost was started is gone; start it in another one")
        }
        do {
            self.init(from: try OpenFile.root(), at: "", to: FileName.components(Array(path.utf8)), path, trust)
        } catch {
            throw FileFault("/ cannot be opened: \(error.reason)")
        }
    }

    /// From a folder that was judged, as what holds files.
    init(from folder: DecidingFolder, to name: FileName) {
        self.init(
            from: folder.file, at: folder.place == "/" ? "" : folder.place, to: [name], "\(folder.path)/\(name.shown)",
            folder.trust)
        judged = folder.file
    }

    private init(from folder: OpenFile, at place: String, to names: [FileName], _ path: String, _ trust: FileTrust) {
        self.trust = trust
        self.path = path
        self.folder = folder
        self.place = place
        steps = names.enumerated().map { Step(name: $1, isOwn: $0 == names.count - 1) }.reversed()
    }

    /// - Returns: `nil` when all is there but the last component of the path itself.
    /// - Throws: `FileFault` for everything else that is not as it has to be, such as a link that leads nowhere.
    mutating func arrive() throws(FileFault) -> Arrival? {
        var status = try status(of: folder)
        while let step = steps.popLast() {
            if step.name.bytes.elementsEqual("..".utf8) {
                folder = try open(step)
                place = String(place[..<(place.utf8.lastIndex(of: UInt8(ascii: "/")) ?? place.startIndex)])
                status = try self.status(of: folder)
                continue
            }
            let holder = status
            let entry: OpenFile
            do {
                entry = try look(at: step.name)
            } catch {
                // Nothing can have a name that is too long.
                if step.isOwn && (error.number == ENOENT || error.number == ENAMETOOLONG) { return nil }
                throw fault(error, at: step)
            }
            status = try self.status(of: entry)
            let here = "\(place)/\(step.name.shown)"
            switch status.kind {
            case .folder:
                judge(holder, as: .passage)
                (folder, place) = (entry, here)
            case .link:
                judge(holder, as: .deciding)
                try follow(entry, at: here)
                status = try self.status(of: folder)
            case .file, .other:
                judge(holder, as: .deciding)
                guard steps.isEmpty else { throw fault(FileStatus.Failure(ENOTDIR), at: step) }
                return try arrived(at: entry, status, here, name: step.name)
            }
        }
        return try arrived(at: folder, status, place.isEmpty ? "/" : place, name: nil)
    }

    private func arrived(
        at file: OpenFile, _ status: FileStatus, _ place: String, name: FileName?
    ) throws(FileFault) -> Arrival {
        if let refusal { throw FileFault(refusal) }
        return Arrival(file: file, status: status, place: place, folder: folder, name: name, remarks: remarks)
    }

    private mutating func follow(_ link: OpenFile, at here: String) throws(FileFault) {
        guard links.count < Self.linkLimit else { throw cannot(FileStatus.Failure(ELOOP).reason) }
        let target: [UInt8]
        do {
            target = try link.target()
            if target.first == UInt8(ascii: "/") { (folder, place) = (try OpenFile.root(), "") }
        } catch {
            throw cannot(error.reason)
        }
        links.append((here, FileName(bytes: target).shown))
        steps += FileName.components(target).reversed().map { Step(name: $0, isOwn: false) }
    }

    /// A folder is asked for first, since only that lets the system mount what is mounted when it is used.
    private func look(at name: FileName) throws(FileStatus.Failure) -> OpenFile {
        do {
            return try OpenFile(name, in: folder, open_place | O_NOFOLLOW | O_DIRECTORY)
        } catch {
            guard error.number == ENOTDIR || error.number == ELOOP else { throw error }
            return try OpenFile(name, in: folder, open_place | O_NOFOLLOW)
        }
    }

    private func open(_ step: Step) throws(FileFault) -> OpenFile {
        do {
            return try OpenFile(step.name, in: folder, open_place | O_DIRECTORY)
        } catch {
            throw fault(error, at: step)
        }
    }

    private func status(of file: OpenFile) throws(FileFault) -> FileStatus {
        do {
            return try FileStatus(of: file)
        } catch {
            throw cannot(error.reason)
        }
    }

    /// Judges the folder in which the way goes on.
    private mutating func judge(_ status: FileStatus, as role: FileTrust.Role) {
        guard trust.judgesFolders, refusal == nil, folder !== judged else { return }
        switch trust.verdict(on: status.ownership, at: place.isEmpty ? "/" : place, as: role) {
        case .good: break
        case .remark(let remark): if !remarks.contains(remark) { remarks.append(remark) }
        case .refused(let reason): refusal = reason
        }
    }

    // MARK: What is wrong

    /// Nothing is left of the difference between "not there" and "not to be had": whoever asks has to be told.
    private func fault(_ failure: FileStatus.Failure, at step: Step) -> FileFault {
        let missing = "\(place)/\(step.name.shown)"
        switch failure.number {
        case ENOENT where step.isOwn || links.isEmpty: return cannot("there is no folder \(missing)")
        case ENOENT:
            let link = links[links.count - 1]
            // What such a link of the system's says is no path: it stands for a pipe or a socket.
            if link.place.hasPrefix("/proc/") { return FileFault("\(path) is not a regular file") }
            return cannot("\(link.place) is a link to \(link.target), and there is no \(missing)")
        case ENOTDIR: return cannot("\(missing) is no folder")
        default: return cannot(missing == path ? failure.reason : "\(missing): \(failure.reason)")
        }
    }

    /// What others may do to the way comes first: it may be why the rest went wrong.
    private func cannot(_ reason: String) -> FileFault {
        FileFault(refusal ?? "\(path) cannot be read: \(reason)")
    }
}
