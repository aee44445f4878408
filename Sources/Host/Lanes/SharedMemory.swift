// Memory that two processes have in common: of a size that neither can change, and gone with the last of them.

import CGlibc
import Glibc
import HostBase
import Synchronization

/// Shared memory without a name. What lies in it may change at any moment: the other process is not trusted.
///
/// `@unchecked Sendable`: it is mapped in `init`, and unmapped with this object.
@safe public final class SharedMemory: @unchecked Sendable {
    public let start: UnsafeMutableRawPointer
    public let size: Int
    private let file: Mutex<Int32>
    /// What the other process is given; -1 in that.
    public var descriptor: Int32 { file.withLock(\.self) }

    /// Memory of zeros, which takes no room before it is written to.
    ///
    /// - Parameters:
    ///   - name: what `/proc` shows.
    ///   - size: in bytes; a multiple of a page.
    /// - Throws: what the system said.
    public init(_ name: String, size: Int) throws(FileStatus.Failure) {
        let descriptor = unsafe make_memory(name, UInt32(memory_close_on_exec | memory_allows_seals))
        guard descriptor >= 0 else { throw FileStatus.Failure(errno) }
        guard ftruncate(descriptor, off_t(size)) == 0, seal_size(descriptor) == 0 else {
            let error = errno
            close(descriptor)
            throw FileStatus.Failure(error)
        }
        unsafe start = try Self.map(descriptor, size)
        self.size = size
        file = Mutex(descriptor)
    }

    /// The memory that another process made.
    ///
    /// - Parameter descriptor: is closed.
    public init(attaching descriptor: Int32, size: Int) throws(FileStatus.Failure) {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_size == off_t(size) else {
            close(descriptor)
            throw FileStatus.Failure(EINVAL)
        }
        unsafe start = try Self.map(descriptor, size)
        self.size = size
        file = Mutex(-1)
        close(descriptor)
    }

    /// Bytes that take room, since somebody has written to them; 0 where its descriptor is closed.
    public var held: Int {
        file.withLock { descriptor in
            var status = stat()
            guard descriptor >= 0, unsafe fstat(descriptor, &status) == 0 else { return 0 }
            return Int(status.st_blocks) * 512
        }
    }

    private static func map(_ descriptor: Int32, _ size: Int) throws(FileStatus.Failure) -> UnsafeMutableRawPointer {
        let start = unsafe mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
        guard let start = unsafe start, unsafe start != MAP_FAILED else {
            let error = errno
            close(descriptor)
            throw FileStatus.Failure(error)
        }
        return unsafe start
    }

    deinit {
        unsafe munmap(start, size)
        file.withLock { if $0 >= 0 { close($0) } }
    }
}
