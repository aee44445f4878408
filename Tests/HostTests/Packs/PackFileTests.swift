// The private copy of a pack: made once, compared again whenever either file is not what it was.

import Glibc
import JSONSchema
import Testing

@testable import ToolHost

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
                for name in FileStatus.names(in: folder) ?? [] { unsafe unlink("\(folder)/\(name)") }
            }
            for folder in [plugins, state + "/packs", state, root] { unsafe rmdir(folder) }
        }

        func write(_ bytes: [UInt8]) throws {
            try FileStatus.write(bytes, to: plugins + "/a.so", mode: 0o644)
        }

        func take() throws -> PackFile {
            try PackFile(name: "a.so", directory: plugins, stateDirectory: state)
        }

        /// What a start leaves that finds file and copy older than the clock's ticks.
        func settle(_ file: PackFile) throws {
            let original = try FileStatus(path: plugins + "/a.so").identity
            let copy = try FileStatus(path: file.copyPath).identity
            let value = PackRecord(original: original, copy: copy, sha256: file.sha256).json
            try FileStatus.write(value.bytes(), to: record, mode: 0o600)
        }
    }

    /// As much of a shared object as is looked at before it is loaded; `mark` tells two of them apart.
    private func library(_ mark: UInt8) throws -> [UInt8] {
        var bytes = try FileStatus.read("/proc/self/exe", limit: 1 << 30)[..<64] + [mark]
        bytes.replaceSubrange(40..<48, with: [UInt8](repeating: 0, count: 8))
        bytes.replaceSubrange(58..<62, with: [UInt8](repeating: 0, count: 4))
        return Array(bytes)
    }

    @Test func theCopyHoldsWhatTheFileHeld() throws {
        let folders = try Folders()
        let bytes = try library(1)
        try folders.write(bytes)
        let file = try folders.take()
        #expect(try FileStatus.read(file.copyPath, limit: 1 << 20) == bytes)
        #expect(file.size == bytes.count)
        #expect(file.copyPath.hasSuffix(file.sha256 + ".so"))
    }

    @Test func aFileThatHasJustChangedIsNotRemembered() throws {
        let folders = try Folders()
        try folders.write(try library(1))
        for _ in 0..<2 { _ = try folders.take() }
        #expect(throws: FileStatus.Failure.self) { try FileStatus(path: folders.record) }
    }

    @Test func neitherIsReadAgainWhileBothAreWhatTheyWere() throws {
        let folders = try Folders()
        try folders.write(try library(1))
        let first = try folders.take()
        try folders.settle(first)
        let known = try FileStatus(path: folders.plugins + "/a.so").identity
        #expect(PackRecord.digest(of: "a.so", original: known, in: folders.state + "/packs") == first.sha256)
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
        #expect(try FileStatus.read(second.copyPath, limit: 1 << 20) == library(2))
    }

    @Test func aCopyThatWasChangedIsWrittenAgain() throws {
        let folders = try Folders()
        try folders.write(try library(1))
        let file = try folders.take()
        try folders.settle(file)
        let handle = unsafe open(file.copyPath, O_WRONLY | O_TRUNC)
        #expect(close(handle) == 0)
        #expect(try folders.take().copyPath == file.copyPath)
        #expect(try FileStatus.read(file.copyPath, limit: 1 << 20) == library(1))
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
