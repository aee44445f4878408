// Which hosts live, as whoever shares their state folder can see: by the locks that they hold.

import Glibc

/// A host that lived when it was looked for.
public struct LivingHost: Sendable {
    public let number: Int
    /// Its own folder below the state folder.
    public let path: String
    private let folder: OpenFile

    /// Its folder, open, for names that are relative to it.
    public var descriptor: Int32 { folder.descriptor }

    /// What is in a file of its folder.
    ///
    /// - Parameter limit: of bytes; what is longer is no such file (`EFBIG`).
    public func read(_ name: String, limit: Int) throws(FileStatus.Failure) -> [UInt8] {
        // Opening a pipe that somebody put here must not hang.
        let file = try OpenFile(FileName(name), in: folder, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
        let content = try DescriptorBytes.all(of: file.descriptor, limit: limit)
        guard content.count <= limit else { throw FileStatus.Failure(EFBIG) }
        return content
    }

    /// Where hosts of a state folder have their folders.
    public static func place(in stateFolder: String) -> String { "\(stateFolder)/\(HostFolder.parent)" }

    /// All hosts that hold a lock, by their numbers; none where no host has ever been. Makes nothing and changes
    /// nothing.
    ///
    /// - Throws: `FileStatus.Failure` where the folders cannot be looked at.
    public static func all(in stateFolder: String) throws(FileStatus.Failure) -> [LivingHost] {
        let parent = unsafe open(place(in: stateFolder), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard parent >= 0 else {
            if errno == ENOENT { return [] }
            throw FileStatus.Failure(errno)
        }
        let folders = OpenFile(owning: parent)
        let numbers = try folders.names().compactMap { name in
            name.text.flatMap { text in Int(text).flatMap { String($0) == text && $0 > 0 ? $0 : nil } }
        }
        return numbers.sorted().compactMap { number in
            let name = FileName("\(number)")
            guard let folder = try? OpenFile(name, in: folders, O_RDONLY | O_DIRECTORY | O_NOFOLLOW),
                FileLock.isHeld(HostFolder.lockName, in: folder)
            else { return nil }
            return LivingHost(number: number, path: "\(place(in: stateFolder))/\(number)", folder: folder)
        }
    }
}
