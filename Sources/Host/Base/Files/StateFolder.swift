// The folder for what must survive a restart: whoever may put something there decides what runs and whose tokens count.

/// The state folder, and in it the one for the copies of packs.
public struct StateFolder: Sendable {
    /// Below it: what each pack keeps for itself.
    public static let data = "data"
    /// Names below it that are the host's own. What else is there belongs to packs or to the operator.
    public static let names = ["auth", data, HostFolder.parent, "packs", "starts"]

    let folder: DecidingFolder
    public let copies: DecidingFolder

    /// Makes what is not there.
    public init(path: String, trust: FileTrust) throws(FileFault) {
        folder = try DecidingFolder(making: path, trust: trust)
        copies = try DecidingFolder(making: path + "/packs", trust: trust)
    }

    public var remarks: [FileTrust.Remark] { folder.remarks + copies.remarks }
}
