// The one way to open a file that decides who may call or what runs: judged, and read through the descriptor that was
// judged.

import Glibc

/// A file that decides who may call or what runs, open.
public struct DecidingFile: Sendable {
    /// As it was named.
    let path: String
    public let status: FileStatus
    /// What a group may write to, of the file and of what lies on the way to it.
    public let remarks: [FileTrust.Remark]
    private let file: OpenFile

    /// - Returns: `nil` when there is no file of that name in its folder, which is there.
    /// - Throws: `FileFault` when it is there and cannot be used, or when nobody can say whether it is.
    public init?(path: String, trust: FileTrust) throws(FileFault) {
        var walk = try FileWalk(to: path, trust: trust)
        guard let arrival = try walk.arrive() else { return nil }
        try self.init(arrival, path: path, trust: trust)
    }

    /// Opens a name in a folder that was judged; `nil` when there is no file of that name.
    init?(_ name: String, in folder: DecidingFolder) throws(FileFault) {
        var walk = FileWalk(from: folder, to: FileName(name))
        guard let arrival = try walk.arrive() else { return nil }
        try self.init(arrival, path: "\(folder.path)/\(name)", trust: folder.trust)
    }

    private init(_ arrival: FileWalk.Arrival, path: String, trust: FileTrust) throws(FileFault) {
        guard arrival.status.kind == .file, let name = arrival.name else {
            throw FileFault("\(path) is not a regular file")
        }
        self.path = path
        var remarks = arrival.remarks
        do {
            // Not to wait for the writer of a named pipe that has taken the file's place.
            file = try OpenFile(name, in: arrival.folder, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
            status = try FileStatus(of: file)
        } catch {
            throw FileFault("\(path) cannot be read: \(error.reason)")
        }
        guard status.kind == .file else { throw FileFault("\(path) is not a regular file") }
        switch trust.verdict(on: status.ownership, at: arrival.place) {
        case .good: break
        case .remark(let remark): remarks.append(remark)
        case .refused(let reason): throw FileFault(reason)
        }
        self.remarks = remarks
    }

    /// Whether no group may write to it either.
    public var isOnlyOurs: Bool { !status.ownership.isWritableByGroup }

    /// The whole of the file.
    ///
    /// - Parameter limit: the most bytes it may have.
    public func bytes(limit: Int) throws(FileFault) -> [UInt8] {
        let size = status.size
        guard size <= limit else {
            throw FileFault("\(path) cannot be read: it has \(size) bytes; at most \(limit) are possible")
        }
        var failure: Int32 = 0
        // One more than there should be, so that a file that has grown shows.
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size + 1) { buffer, count in
            while count <= size {
                let got = repeatingInterrupted {
                    unsafe pread(file.descriptor, buffer.baseAddress! + count, size + 1 - count, off_t(count))
                }
                if got < 0 { failure = errno }
                if got <= 0 { break }
                count += got
            }
        }
        if failure != 0 { throw FileFault("\(path) cannot be read: \(FileStatus.Failure(failure).reason)") }
        guard bytes.count == size, let now = try? FileStatus(of: file), now.identity.hasContent(of: status.identity)
        else {
            throw FileFault("\(path) cannot be read: it was written to meanwhile; start again once it is whole")
        }
        return bytes
    }

    /// The whole of the file as text. What is not UTF-8 is refused rather than mended: the mended text would be another
    /// one.
    ///
    /// - Parameter limit: the most bytes it may have.
    public func text(limit: Int) throws(FileFault) -> String {
        let bytes = try bytes(limit: limit)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw FileFault("\(path) cannot be read: it is not UTF-8")
        }
        return text
    }

    /// Whether it holds these bytes and no more.
    public func holds(_ bytes: [UInt8]) -> Bool {
        guard status.size == bytes.count else { return false }
        var piece = [UInt8](repeating: 0, count: 256 << 10)
        var position = 0
        return unsafe bytes.withUnsafeBytes { bytes in
            unsafe piece.withUnsafeMutableBytes { piece in
                while true {
                    let count = repeatingInterrupted {
                        unsafe pread(file.descriptor, piece.baseAddress, piece.count, off_t(position))
                    }
                    if count <= 0 { return count == 0 && position == bytes.count }
                    guard position + count <= bytes.count,
                        unsafe memcmp(bytes.baseAddress! + position, piece.baseAddress!, count) == 0
                    else { return false }
                    position += count
                }
            }
        }
    }
}
