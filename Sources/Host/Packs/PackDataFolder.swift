// The folder that a pack has to itself, below the state folder: its home, its working folder, and what it may write.

import HostBase

/// `STATE_DIR/data/NAME` for `NAME.so`.
public struct PackDataFolder: Sendable {
    public let path: String
    private let stateFolder: String

    /// - Parameters:
    ///   - file: the pack's file name, such as `catalog.so`.
    ///   - stateFolder: an absolute path.
    public init(of file: String, in stateFolder: String) {
        self.stateFolder = stateFolder
        path = "\(stateFolder)/\(StateFolder.data)/\(PackNames.stem(file))"
    }

    /// What the pack is told as TMPDIR, in the folder itself.
    public var temporary: String { "\(path)/tmp" }

    /// Makes the folder and the one for temporary files with mode 0700, where they are not there.
    ///
    /// - Throws: `SecretFileFault` for a link, for what is no folder, and for what belongs to somebody else.
    public func make() throws(SecretFileFault) {
        for folder in ["\(stateFolder)/\(StateFolder.data)", path, temporary] {
            _ = try PrivateFolder(making: folder)
        }
    }

    /// What copies all of the state folder that is not the host's into this one; `nil` where there is nothing such.
    var copyCommand: String? {
        let names = ((try? FileStatus.names(in: stateFolder)) ?? []).compactMap(\.text)
            .filter { !StateFolder.names.contains($0) }.sorted()
        if names.isEmpty { return nil }
        let files = names.map { FileTrust.quoted("\(stateFolder)/\($0)") }
        return "cp -a -- \(files.joined(separator: " ")) \(FileTrust.quoted(path + "/"))"
    }
}
