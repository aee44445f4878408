// What one host writes alone lies in a folder of its own, so that hosts that share a state folder do not disturb each
// other.

import Glibc

/// The folder of this host below its state folder, such as `var/hosts/1`: it is this host's for as long as the process
/// lives. Numbers stay small, since one that nobody holds is taken again.
public final class HostFolder: Sendable {
    /// Below the state folder.
    static let parent = "hosts"
    static let lockName = "lock"
    /// Below a host's folder: what must outlive the host.
    private static let lastWords = "last-words"
    /// The most hosts that share a state folder.
    static let most = 1000

    /// From 1 on.
    public let number: Int
    public let path: String
    /// Folders with smaller numbers that could not be looked at, as sentences.
    public let remarks: [String]
    private let folder: PrivateFolder
    private let lock: FileLock

    /// Where the last words of packs lie, which are kept for whoever looks after the host's end.
    public var lastWordsPath: String { "\(path)/\(Self.lastWords)" }

    /// The folder itself, open, for names that are relative to it.
    public var descriptor: Int32 { folder.file.descriptor }

    private init(_ number: Int, _ folder: PrivateFolder, _ lock: FileLock, remarks: [String]) {
        (self.number, path, self.remarks) = (number, folder.path, remarks)
        (self.folder, self.lock) = (folder, lock)
    }

    /// Makes a file in it that only this user may read.
    ///
    /// - Parameter name: of nothing that is there.
    public func create(_ name: String, _ content: [UInt8]) throws(SecretFileFault) {
        func fault(_ operation: String, _ failure: FileStatus.Failure) -> SecretFileFault {
            SecretFileFault(path: "\(path)/\(name)", kind: .system(operation: operation, code: failure.number))
        }
        let file: OpenFile
        do {
            file = try OpenFile(creating: FileName(name), in: folder.file, mode: 0o600)
        } catch {
            throw fault("open", error)
        }
        do {
            try DescriptorBytes.write(content, to: file.descriptor)
        } catch {
            throw fault("write", error)
        }
    }

    /// Takes the first folder that no host has, makes it where it is not there, and removes what an earlier host left
    /// in it, but for the last words of packs.
    ///
    /// - Parameter stateFolder: has to be there.
    /// - Throws: `SecretFileFault`, also where a file system is full, cannot be written to or knows no locks.
    public static func take(in stateFolder: String) throws(SecretFileFault) -> HostFolder {
        let folders = try PrivateFolder(making: "\(stateFolder)/\(parent)")
        var faults: [SecretFileFault] = []
        for number in 1...most {
            do throws(SecretFileFault) {
                let folder = try PrivateFolder(making: "\(folders.path)/\(number)")
                guard let lock = try FileLock(lockName, in: folder) else { continue }
                try folder.clear(keeping: [FileName(lockName), FileName(lastWords)])
                return HostFolder(number, folder, lock, remarks: faults.map(\.description))
            } catch {
                // What bears a name that it should not is passed over; the system would say the same each time.
                if case .system = error.kind { throw error }
                faults.append(error)
            }
        }
        throw faults.first ?? SecretFileFault(path: folders.path, kind: .system(operation: "flock", code: EWOULDBLOCK))
    }
}
