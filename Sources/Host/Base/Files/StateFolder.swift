// The folder for what must survive a restart: whoever may put something there decides what runs and whose tokens count.

/// The state folder, and in it the one for the copies of packs.
package struct StateFolder: Sendable {
    let folder: DecidingFolder
    package let copies: DecidingFolder

    /// Makes what is not there.
    package init(path: String, trust: FileTrust) throws(FileFault) {
        folder = try DecidingFolder(making: path, trust: trust)
        copies = try DecidingFolder(making: path + "/packs", trust: trust)
    }

    package var remarks: [FileTrust.Remark] { folder.remarks + copies.remarks }
}
