// The folder for what must survive a restart: whoever may put something there decides what runs and whose tokens count.

/// The state folder, and in it the one for the copies of packs.
public struct StateFolder: Sendable {
    let folder: DecidingFolder
    public let copies: DecidingFolder

    /// Makes what is not there.
    public init(path: String, trust: FileTrust) throws(FileFault) {
        folder = try DecidingFolder(making: path, trust: trust)
        copies = try DecidingFolder(making: path + "/packs", trust: trust)
    }

    public var remarks: [FileTrust.Remark] { folder.remarks + copies.remarks }
}
