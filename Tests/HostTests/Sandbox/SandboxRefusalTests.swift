// Refused system calls in the words of whoever has to decide, and which of them are let go on.

import Glibc
import HostBase
import Testing

@testable import HostEngines
@testable import HostSandbox

@Suite struct SandboxRefusalTests {
    private static let none = [UInt64](repeating: 0, count: 6)

    private static func arguments(_ values: UInt64...) -> [UInt64] { values + none.dropFirst(values.count) }

    @Test(arguments: [
        ("socket", arguments(2), nil, "AF_INET", "sandbox: {level: strict, network: any}"),
        ("socket", arguments(1), nil, "AF_UNIX", "sandbox: {level: strict, network: unix}"),
        ("socket", arguments(17), nil, "AF_PACKET", "sandbox: off"),
        ("clone", arguments(17), nil, "a new process", "sandbox: {level: strict, processes: true}"),
        ("clone", arguments(0x1000_0000), nil, "a new process", "sandbox: off"),
        ("execve", none, "/bin/sh", "/bin/sh", "sandbox: {level: strict, processes: true}"),
        ("kill", arguments(UInt64(bitPattern: -1)), nil, "process -1", "sandbox: off"),
        ("ptrace", arguments(16, 77), nil, "process 77", "sandbox: off"),
        ("mount", none, nil, "", "sandbox: off"),
        ("chmod", none, "/srv/a", "/srv/a", "sandbox: {level: strict, write: [/srv/a]}"),
        ("fchmodat", none, "a", "a", "sandbox: off"),
        ("fchmod", none, nil, "", "sandbox: off"),
        ("truncate", none, "/srv/a", "/srv/a", "sandbox: {level: strict, write: [/srv/a]}"),
    ])
    func words(_ name: String, _ arguments: [UInt64], _ path: String?, _ object: String, _ allow: String) {
        let refusal = SandboxRefusal(name, arguments, path: path, at: .strict)
        #expect(refusal.operation == name && refusal.object == object && refusal.allow == allow)
    }

    @Test(
        arguments: [
            ("tgkill", arguments(7, 8, 9), 7), ("setpriority", arguments(0, 7), 7), ("prlimit64", arguments(7), 7),
            ("setpriority", arguments(1, 7), nil), ("ioprio_set", arguments(1, 7), 7),
            ("ioprio_set", arguments(2, 7), nil),
            ("pidfd_send_signal", arguments(7), nil), ("ptrace", arguments(16, 7), nil),
        ] as [(String, [UInt64], Int32?)])
    func whomItIsAbout(_ name: String, _ arguments: [UInt64], _ target: Int32?) {
        #expect(RefusalDesk.target(of: name, arguments) == target)
    }

    @Test(arguments: [
        ("socket", arguments(1, 2), false), ("socket", arguments(1, 0o2004002), false),
        ("socket", arguments(1, 1), true), ("socket", arguments(1, 5), true), ("socket", arguments(2, 2), true),
        ("execve", arguments(1, 2), true),
    ])
    func theSystemsLogIsNotWorthTelling(_ name: String, _ arguments: [UInt64], _ isTold: Bool) {
        #expect(SandboxRefusal.isWorthTelling(name, arguments) == isTold)
    }

    @Test func theFirstOfEachKindIsTold() {
        var book = RefusalBook()
        let execute = SandboxRefusal("execve", Self.none, path: "/bin/a", at: .strict)
        let other = SandboxRefusal("execve", Self.none, path: "/bin/b", at: .strict)
        let socket = SandboxRefusal("socket", Self.arguments(1), path: nil, at: .strict)
        book.add([execute, other, socket])
        #expect(book.takeNew() == [execute, socket])
        book.add([other, socket, SandboxRefusal("socket", Self.arguments(2), path: nil, at: .strict)])
        #expect(book.takeNew().map(\.object) == ["AF_INET"])
        #expect(book.takeNew().isEmpty && book.told.count == 3)
        // Who is refused this and that without end fills no log.
        book.add((0..<1000).map { SandboxRefusal("call \($0)", Self.none, path: nil, at: .strict) })
        #expect(book.told.count == 32)
    }

    @Test func onlyOwnFilesAreChanged() throws {
        let folder = try TemporaryFolder()
        let file = folder.path + "/file"
        #expect(unsafe creat(file, 0o600) >= 0)
        let path = Array((file + "\0").utf8)
        func change(_ mode: UInt64, below root: String) -> Bool {
            unsafe path.withUnsafeBytes { bytes in
                let address = UInt64(UInt(bitPattern: bytes.baseAddress))
                return OwnFileChange("chmod", Self.arguments(address, mode))?
                    .isMade(for: getpid(), below: [CanonicalPath.text(of: root)]) ?? false
            }
        }
        #expect(!change(0o640, below: folder.path + "/other"))
        #expect(!change(0o4755, below: folder.path))
        #expect(change(0o640, below: folder.path))
        var status = stat()
        #expect(unsafe stat(file, &status) == 0)
        #expect(status.st_mode & 0o7777 == 0o640)
        // A link that leads elsewhere is what it leads to.
        let inner = folder.path + "/inner"
        #expect(unsafe mkdir(inner, 0o700) == 0)
        #expect(unsafe symlink(file, inner + "/link") == 0)
        let link = Array((inner + "/link\0").utf8)
        let isMade = unsafe link.withUnsafeBytes { bytes in
            OwnFileChange("chmod", Self.arguments(UInt64(UInt(bitPattern: bytes.baseAddress)), 0o600))?
                .isMade(for: getpid(), below: [CanonicalPath.text(of: inner)])
        }
        #expect(isMade == false)
        // A root that has become a link stands for nothing: what it leads to was never given.
        let swapped = folder.path + "/swapped"
        #expect(unsafe symlink(inner, swapped) == 0)
        #expect(unsafe creat(inner + "/secret", 0o600) >= 0)
        let secret = Array((swapped + "/secret\0").utf8)
        let isLetIn = unsafe secret.withUnsafeBytes { bytes in
            OwnFileChange("chmod", Self.arguments(UInt64(UInt(bitPattern: bytes.baseAddress)), 0o666))?
                .isMade(for: getpid(), below: [swapped])
        }
        #expect(isLetIn == false)
    }

    /// Which Landlock before version 3 cannot tell from writing.
    @Test func onlyOwnFilesAreShortened() throws {
        let folder = try TemporaryFolder()
        let file = folder.path + "/file"
        let descriptor = unsafe creat(file, 0o600)
        defer { close(descriptor) }
        #expect(unsafe write(descriptor, "12345", 5) == 5)
        let path = Array((file + "\0").utf8)
        func isCut(to length: UInt64, below root: String) -> Bool {
            unsafe path.withUnsafeBytes { bytes in
                let address = UInt64(UInt(bitPattern: bytes.baseAddress))
                return OwnFileChange("truncate", Self.arguments(address, length))?
                    .isMade(for: getpid(), below: [CanonicalPath.text(of: root)]) ?? false
            }
        }
        func size() -> off_t { lseek(descriptor, 0, SEEK_END) }
        #expect(!isCut(to: 0, below: folder.path + "/other") && size() == 5)
        #expect(isCut(to: 3, below: folder.path) && size() == 3)
        // The bound on what a pack's files may hold is not the host's.
        #expect(!isCut(to: 4, below: folder.path) && !isCut(to: .max, below: folder.path) && size() == 3)
        #expect(isCut(to: 3, below: folder.path) && isCut(to: 0, below: folder.path) && size() == 0)
        // No folder has a length of anybody's.
        let inner = Array((folder.path + "\0").utf8)
        let isFolderCut = unsafe inner.withUnsafeBytes { bytes in
            OwnFileChange("truncate", Self.arguments(UInt64(UInt(bitPattern: bytes.baseAddress)), 0))?
                .isMade(for: getpid(), below: [CanonicalPath.text(of: folder.path)])
        }
        #expect(isFolderCut == false)
    }
}
