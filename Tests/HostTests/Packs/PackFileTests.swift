// The private copy of a pack: made once, compared again whenever either file is not what it was.

import Dispatch
import Glibc
import JSON
import Synchronization
import Testing

@testable import HostBase
@testable import HostPacks

@Suite struct PackFileTests {
    /// A folder of plugins and one for state, gone when the test ends.
    private final class Folders {
        let root: String
        var plugins: String { root + "/plugins.d" }
        var state: String { root + "/state" }
        var record: String { PackRecord.path(of: "a.so", in: state + "/packs") }

        init() throws {
            var template = Array("/tmp/toolhost-packfile-XXXXXX".utf8CString)
            root = unsafe mkdtemp(&template).map { unsafe String(cString: $0) } ?? ""
            try FileStatus.makeDirectory(plugins)
            try FileStatus.makeDirectory(state)
        }

        deinit {
            for folder in [plugins, state + "/packs"] {
                for name in (try? FileStatus.names(in: folder)) ?? [] { unsafe unlink("\(folder)/\(name.shown)") }
            }
            for folder in [plugins, state + "/packs", state, root] { unsafe rmdir(folder) }
        }

        func write(_ bytes: [UInt8]) throws {
            try FileStatus.write(bytes, to: plugins + "/a.so", mode: 0o644)
        }

        func take() throws -> PackFile {
            let original = try PackFolder(path: plugins, trust: FileTrust()).pack("a.so")
            return try PackFile(name: "a.so", file: original, copies: try copies())
        }

        func copies() throws -> DecidingFolder { try StateFolder(path: state, trust: FileTrust()).copies }

        func file(_ path: String) throws -> DecidingFile {
            try #require(try DecidingFile(path: path, trust: FileTrust()))
        }

        func bytes(_ path: String) throws -> [UInt8] { try file(path).bytes(limit: 1 << 30) }

        /// What a start leaves that finds file and copy older than the clock's ticks.
        func settle(_ file: PackFile) throws {
            let original = try self.file(plugins + "/a.so").status.identity
            let copy = try self.file(file.copyPath).status.identity
            let value = PackRecord(original: original, copy: copy, sha256: file.sha256).json
            try FileStatus.write(value.bytes(), to: record, mode: 0o600)
        }
    }

    /// As much of a shared object as is looked at before it is loaded; `mark` tells two of them apart.
    private func library(_ mark: UInt8) throws -> [UInt8] {
        var bytes = try Folders().bytes("/proc/self/exe")[..<64] + [mark]
        bytes.replaceSubrange(40..<48, with: [UInt8](repeating: 0, count: 8))
        bytes.replaceSubrange(58..<62, with: [UInt8](repeating: 0, count: 4))
        return Array(bytes)
    }

    /// As hosts in two containers do, whose process ids are the same.
    @Test func writersOfOneFileDoNotMeet() throws {
        let folders = try Folders()
        let path = folders.state + "/packs/one"
        let copies = try folders.copies()
        let contents = (UInt8(1)...4).map { [UInt8](repeating: $0, count: 300_000) }
        let failures = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 60) { index in
            do {
                try FileStatus.write(contents[index % 4], to: path, mode: 0o600)
                let found = try copies.file("one")?.bytes(limit: 1 << 20) ?? []
                if !contents.contains(found) { failures.withLock { $0.append("a mixture of \(found.count) bytes") } }
            } catch {
                failures.withLock { $0.append("\(error)") }
            }
        }
        #expect(failures.withLock { $0 } == [])
        #expect(try copies.names().map(\.shown) == ["one"])
    }

    @Test func theCopyHoldsWhatTheFileHeld() throws {
        let folders = try Folders()
        let bytes = try library(1)
        try folders.write(bytes)
        let file = try folders.take()
        #expect(try folders.bytes(file.copyPath) == bytes)
        #expect(file.size == bytes.count)
        #expect(file.copyPath.hasSuffix(file.sha256 + ".so"))
    }

    @Test func aFileThatHasJustChangedIsNotRemembered() throws {
        let folders = try Folders()
        try folders.write(try library(1))
        for _ in 0..<2 { _ = try folders.take() }
        #expect(try folders.copies().file("a.so.json") == nil)
    }

    @Test func neitherIsReadAgainWhileBothAreWhatTheyWere() throws {
        let folders = try Folders()
        try folders.write(try library(1))
        let first = try folders.take()
        try folders.settle(first)
        let known = try folders.file(folders.plugins + "/a.so").status.identity
        #expect(PackRecord.digest(of: "a.so", original: known, in: try folders.copies()) == first.sha256)
        let second = try folders.take()
        #expect(second.copyPath == first.copyPath && second.size == first.size)
    }

    @Test func anotherFileUnderTheNameIsCopied() throws {
        let folders = try Folders()
        try folders.write(try library(1))
        let first = try folders.take()
        try folders.settle(first)
        try folders.write(try library(2))
        let second = try folders.take()
        #expect(second.sha256 != first.sha256)
        #expect(try folders.bytes(second.copyPath) == library(2))
    }

    @Test func aCopyThatWasChangedIsWrittenAgain() throws {
        let folders = try Folders()
        try folders.write(try library(1))
        let file = try folders.take()
        try folders.settle(file)
        #expect(unsafe chmod(file.copyPath, 0o700) == 0)
        let handle = unsafe open(file.copyPath, O_WRONLY | O_TRUNC)
        #expect(close(handle) == 0)
        #expect(try folders.take().copyPath == file.copyPath)
        #expect(try folders.bytes(file.copyPath) == library(1))
    }

    /// Written to in place by whoever may, without a new name or another owner.
    @Test func aCopyThatOthersMayWriteToIsReplaced() throws {
        let folders = try Folders()
        try folders.write(try library(1))
        let file = try folders.take()
        try folders.settle(file)
        let before = try folders.file(file.copyPath).status.identity
        #expect(unsafe chmod(file.copyPath, 0o520) == 0)
        #expect(try folders.take().copyPath == file.copyPath)
        let copy = try folders.file(file.copyPath)
        #expect(!copy.status.ownership.isWritableByGroup && copy.status.identity != before)
    }

    @Test func aRecordThatAGroupMayWriteToCountsAsNone() throws {
        let folders = try Folders()
        try folders.write(try library(1))
        let file = try folders.take()
        try folders.settle(file)
        #expect(unsafe chmod(folders.record, 0o620) == 0)
        let known = try folders.file(folders.plugins + "/a.so").status.identity
        #expect(PackRecord.digest(of: "a.so", original: known, in: try folders.copies()) == nil)
        #expect(try folders.take().copyPath == file.copyPath)
    }

    @Test(arguments: ["", "{}", "[]", #"{"original":[1,2,3,4,5],"copy":[1,2,3,4,5],"sha256":"../../x"}"#])
    func aRecordThatCannotBeReadCountsAsNone(text: String) throws {
        let folders = try Folders()
        try folders.write(try library(1))
        let file = try folders.take()
        try FileStatus.write(Array(text.utf8), to: folders.record, mode: 0o600)
        #expect(try folders.take().copyPath == file.copyPath)
    }
}
