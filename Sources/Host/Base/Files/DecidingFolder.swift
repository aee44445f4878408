// A folder whose files decide what runs: judged with all that lies on the way to it, and kept open, so that it stays
// the one.

/// A folder that decides what runs, open.
public struct DecidingFolder: Sendable {
    /// As it was named.
    public let path: String
    /// Without links.
    let place: String
    let trust: FileTrust
    /// What a group may write to, of the folder and of what lies on the way to it.
    public let remarks: [FileTrust.Remark]
    /// Stands for the folder, and cannot be read.
    let file: OpenFile
    private let status: FileStatus

    /// - Throws: `FileFault` also when it is not there.
    public init(path: String, trust: FileTrust) throws(FileFault) {
        var walk = try FileWalk(to: path, trust: trust)
        guard let arrival = try walk.arrive() else {
            throw FileFault("\(path) cannot be read: there is no such folder")
        }
        guard arrival.status.kind == .folder else { throw FileFault("\(path) is not a folder") }
        self.path = path
        self.trust = trust
        (place, file, status) = (arrival.place, arrival.file, arrival.status)
        switch trust.verdict(on: status.ownership, at: place) {
        case .good: remarks = arrival.remarks
        case .remark(let remark): remarks = arrival.remarks + [remark]
        case .refused(let reason): throw FileFault(reason)
        }
    }

    /// Makes the folder, and those above it, unless it is there.
    init(making path: String, trust: FileTrust) throws(FileFault) {
        do {
            try FileStatus.makeDirectory(path)
        } catch {
            throw FileFault("\(path) cannot be made: \(error.reason)")
        }
        try self.init(path: path, trust: trust)
    }

    /// All names in it, in their order.
    public func names() throws(FileFault) -> [FileName] {
        do {
            let names = try file.names()
            // The C library takes a folder that was removed for one that is empty.
            if try status.links > 0 && FileStatus(of: file).links == 0 {
                throw FileFault("\(path) was removed meanwhile")
            }
            return names.sorted()
        } catch let failure as FileStatus.Failure {
            throw FileFault("\(path) cannot be listed: \(failure.reason)")
        } catch let fault as FileFault {
            throw fault
        } catch {
            throw FileFault("\(path) cannot be listed: \(error)")
        }
    }

    /// - Returns: `nil` when there is no file of that name.
    public func file(_ name: String) throws(FileFault) -> DecidingFile? {
        try DecidingFile(name, in: self)
    }
}
