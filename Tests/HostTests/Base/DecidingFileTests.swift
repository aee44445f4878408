// Files that decide, on a real file system: what is there but cannot be used is never taken for absent.

import Foundation
import Testing

@testable import HostBase

@Suite struct DecidingFileTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func open(_ name: String, _ trust: FileTrust = FileTrust()) throws -> DecidingFile? {
        try DecidingFile(path: name.hasPrefix("/") ? name : "\(folder.path)/\(name)", trust: trust)
    }

    private func fault(_ name: String, _ trust: FileTrust = FileTrust()) -> String {
        do {
            return try open(name, trust) == nil ? "absent" : "good"
        } catch {
            return "\(error)"
        }
    }

    private func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: "\(folder.path)/\(name)", withDestinationPath: target)
    }

    private func makeFolder(_ name: String, mode: Int = 0o755) throws {
        try FileManager.default.createDirectory(atPath: "\(folder.path)/\(name)", withIntermediateDirectories: true)
        try folder.setMode(mode, name)
    }

    @Test func aFileIsReadWhole() throws {
        try folder.write("enabled: false\n", "a.yaml", mode: 0o644)
        #expect(try open("a.yaml")?.text(limit: 100) == "enabled: false\n")
        #expect(try open("a.yaml")?.remarks == [])
        #expect(throws: FileFault.self) { try open("a.yaml")?.text(limit: 14) }
    }

    @Test func onlyAMissingNameInAFolderThatIsThereIsAbsent() throws {
        try makeFolder("real/inner")
        try link("linked", to: "real/inner")
        #expect(fault("none") == "absent")
        #expect(fault("linked/none") == "absent")
        #expect(fault("linked/../none") == "absent")
        #expect(fault(String(repeating: "x", count: 300)) == "absent")
        #expect(fault("gone/none").contains("there is no folder \(folder.path)/gone"))
    }

    @Test func whatIsThereButCannotBeUsedIsNotAbsent() throws {
        try folder.write("x", "file")
        try makeFolder("folder")
        try link("nowhere", to: "unmounted/a.yaml")
        try link("farther", to: "nowhere")
        try link("circle", to: "circle")
        try link("through", to: "file/a.yaml")
        #expect(unsafe mkfifo("\(folder.path)/pipe", 0o600) == 0)
        #expect(
            fault("nowhere").contains(
                "\(folder.path)/nowhere is a link to unmounted/a.yaml, and there is no \(folder.path)/unmounted"))
        #expect(fault("farther").contains("is a link to unmounted/a.yaml"))
        #expect(fault("circle").contains("symbolic links"))
        // What a shell's <(…) hands over.
        var ends: [Int32] = [0, 0]
        #expect(unsafe pipe(&ends) == 0)
        #expect(fault("/dev/fd/\(ends[0])").hasSuffix("is not a regular file"))
        for end in ends { close(end) }
        #expect(fault("through").contains("/file is no folder"))
        #expect(fault("file/a.yaml").contains("/file is no folder"))
        #expect(fault("nowhere/a.yaml").contains("is a link to"))
        for name in ["folder", "pipe", "/dev/null"] {
            #expect(fault(name).contains("is not a regular file"), "\(name)")
        }
        #expect(fault("relative", FileTrust()) == "absent")
        #expect(throws: FileFault.self) { try DecidingFile(path: "./a.yaml", trust: FileTrust()) }
    }

    @Test(.enabled(if: geteuid() != 0, "root may enter every folder"))
    func aFolderThatMayNotBeEnteredIsNotAbsent() throws {
        try makeFolder("closed", mode: 0)
        #expect(fault("closed/a.yaml").contains("Permission denied"))
    }

    @Test func aFileThatChangesIsNotWhole() throws {
        try folder.write("enabled: false\n", "a.yaml")
        let path = "\(folder.path)/a.yaml"
        for (number, content) in ["enabled: false", "enabled: false\n# more\n", "enabled: fals3\n"].enumerated() {
            let opened = try #require(try open("a.yaml"))
            // In the same file, and at a time of its own however coarse the clock is.
            try Data(content.utf8).write(to: URL(fileURLWithPath: path), options: [])
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: Double(1000 + number))], ofItemAtPath: path)
            #expect(throws: FileFault.self, "\(content)") { try opened.bytes(limit: 100) }
        }
    }

    @Test func aFileThatIsReplacedWhileItIsReadWasWhole() throws {
        try folder.write("old", "a.yaml")
        let opened = try #require(try open("a.yaml"))
        try folder.write("new!", "b.yaml")
        #expect(unsafe rename("\(folder.path)/b.yaml", "\(folder.path)/a.yaml") == 0)
        #expect(try opened.text(limit: 100) == "old")
    }

    @Test func textThatIsNotUTF8IsRefused() throws {
        try Data([0x61, 0xE9, 0x0A]).write(to: URL(fileURLWithPath: "\(folder.path)/latin"))
        #expect(throws: FileFault("\(folder.path)/latin cannot be read: it is not UTF-8")) {
            try open("latin")?.text(limit: 100)
        }
    }

    // MARK: The rule

    @Test func eachFolderOnTheWayIsJudged() throws {
        try makeFolder("a/b/c")
        try folder.write("x", "a/b/c/file", mode: 0o644)
        try makeFolder("links")
        try link("links/file", to: "../a/b/c/file")
        #expect(fault("links/file") == "good")
        for name in ["a", "a/b", "a/b/c", "links", "a/b/c/file"] {
            try folder.setMode(0o777, name)
            let expected = "\(folder.path)/\(name) may be written by every user"
            #expect(fault("links/file").hasPrefix(expected), "\(fault("links/file"))")
            try folder.setMode(0o775, name)
            #expect(try open("links/file")?.remarks.map(\.path) == ["\(folder.path)/\(name)"])
            #expect(fault("links/file", FileTrust(groupWritable: .refuse)).contains("FILES_GROUP_WRITABLE=refuse"))
            try folder.setMode(0o755, name)
        }
    }

    @Test func aStickyFolderHelpsOnTheWayToAFolderOnly() throws {
        try makeFolder("sticky", mode: 0o1777)
        try makeFolder("sticky/own")
        try folder.write("x", "sticky/own/file")
        try folder.write("x", "sticky/file")
        try link("sticky/link", to: "own/file")
        try link("sticky/linked", to: "own")
        #expect(fault("sticky/own/file") == "good")
        for name in ["sticky/file", "sticky/link", "sticky/linked/file"] {
            #expect(fault(name).contains("\(folder.path)/sticky may be written by every user"), "\(name)")
        }
    }

    /// Such as a pack that its author has just built there.
    @Test func ofAFileToLookAtTheFoldersAreNotJudged() throws {
        try makeFolder("sticky", mode: 0o1777)
        try folder.write("x", "sticky/file")
        #expect(fault("sticky/file", FileTrust(judgesFolders: false)) == "good")
        try folder.setMode(0o666, "sticky/file")
        #expect(fault("sticky/file", FileTrust(judgesFolders: false)).contains("may be written by every user"))
    }

    @Test(.enabled(if: geteuid() == 0, "only root gives files away"))
    func whatBelongsToAnotherUserIsRefused() throws {
        try makeFolder("a/b")
        try folder.write("x", "a/b/file", mode: 0o644)
        for name in ["a/b/file", "a/b", "a"] {
            #expect(unsafe chown("\(folder.path)/\(name)", 12345, 12345) == 0)
            #expect(fault("a/b/file").hasPrefix("\(folder.path)/\(name) belongs to user 12345"), "\(fault("a/b/file"))")
            // For that user's own host all is well again, but for what the rest of the way belongs to.
            #expect(unsafe chown("\(folder.path)/\(name)", 0, 0) == 0)
        }
        #expect(unsafe chown("\(folder.path)/a/b/file", 12345, 12345) == 0)
        #expect(fault("a/b/file", FileTrust(user: 12345)) == "good")
    }

    // MARK: Folders

    @Test func aFolderTellsAllItsNames() throws {
        try folder.write("x", "b.so")
        try folder.write("x", "a.so")
        let raw: [UInt8] = Array("\(folder.path)/caf".utf8) + [0xE9] + Array(".so".utf8)
        let descriptor = unsafe Glibc.open(raw.map { CChar(bitPattern: $0) } + [0], O_CREAT | O_WRONLY, 0o600)
        #expect(close(descriptor) == 0)
        let names = try DecidingFolder(path: folder.path, trust: FileTrust()).names()
        #expect(names.map(\.shown) == ["a.so", "b.so", #"caf\xe9.so"#])
        #expect(names.last?.text == nil)
    }

    /// What stands in for a disk that breaks: the descriptor of the listing becomes one that cannot be listed.
    @Test func aListingThatBreaksOffIsAnError() throws {
        let handle = unsafe opendir(folder.path)!
        defer { unsafe closedir(handle) }
        let other = unsafe Glibc.open("/dev/null", O_RDONLY)
        let listed = unsafe dirfd(handle)
        #expect(dup2(other, listed) == listed)
        close(other)
        #expect(throws: FileStatus.Failure.self) { unsafe try OpenFile.names(handle) }
    }

    @Test func aFolderThatIsRemovedIsNotEmpty() throws {
        try makeFolder("gone")
        let opened = try DecidingFolder(path: "\(folder.path)/gone", trust: FileTrust())
        #expect(try opened.names() == [])
        #expect(unsafe rmdir("\(folder.path)/gone") == 0)
        #expect(throws: FileFault.self) { try opened.names() }
        #expect(throws: FileFault.self) { try DecidingFolder(path: "\(folder.path)/gone", trust: FileTrust()) }
    }

    @Test func aFolderIsTheOneThatWasOpened() throws {
        try makeFolder("packs")
        try folder.write("old", "packs/a.so")
        let opened = try DecidingFolder(path: "\(folder.path)/packs", trust: FileTrust())
        #expect(unsafe rename("\(folder.path)/packs", "\(folder.path)/before") == 0)
        try makeFolder("packs")
        try folder.write("new", "packs/a.so")
        #expect(try opened.file("a.so")?.text(limit: 10) == "old")
    }

    @Test func theStateFolderIsMadeAndJudged() throws {
        let state = try StateFolder(path: "\(folder.path)/a/state", trust: FileTrust())
        #expect(state.remarks == [] && state.copies.path == "\(folder.path)/a/state/packs")
        #expect(try folder.mode("a/state/packs") == 0o700)
        for mode in [0o777, 0o1777] {
            try folder.setMode(mode, "a/state")
            #expect(throws: FileFault.self) { try StateFolder(path: "\(folder.path)/a/state", trust: FileTrust()) }
        }
        try link("state", to: "unmounted")
        #expect(throws: FileFault.self) { try StateFolder(path: "\(folder.path)/state", trust: FileTrust()) }
        try folder.write("x", "file")
        #expect(throws: FileFault("\(folder.path)/file is not a folder")) {
            try StateFolder(path: "\(folder.path)/file", trust: FileTrust())
        }
    }
}
