// Hosts that share a state folder have each a folder of their own, and nobody gets what somebody alive has.

import Dispatch
import Foundation
import Synchronization
import Testing

@testable import HostBase

@Suite struct HostFolderTests {
    private let state: TemporaryFolder

    init() throws {
        state = try TemporaryFolder()
    }

    private func take() throws -> HostFolder { try HostFolder.take(in: state.path) }
    private var living: [Int] { get throws { try LivingHost.all(in: state.path).map(\.number) } }

    private func fault() throws -> SecretFileFault {
        try #require(throws: SecretFileFault.self) { _ = try HostFolder.take(in: state.path) }
    }

    @Test func theLowestFreeNumberIsTaken() throws {
        let first = try take()
        var second: HostFolder? = try take()
        let third = try take()
        #expect([first.number, second?.number, third.number] == [1, 2, 3])
        #expect(try living == [1, 2, 3])
        second = nil
        #expect(try living == [1, 3])
        second = try take()
        #expect(second?.number == 2 && second?.path == "\(state.path)/hosts/2")
        withExtendedLifetime((first, third)) {}
    }

    @Test func nobodyElseMayEnterIt() throws {
        let folder = try take()
        #expect(try state.mode("hosts") == 0o700 && state.mode("hosts/1") == 0o700)
        #expect(try state.mode("hosts/1/lock") == 0o600)
        withExtendedLifetime(folder) {}
    }

    /// As a volume is at each mount that is given to a group.
    @Test func oneThatWasOpenedToOthersIsClosed() throws {
        _ = try take()
        for name in ["hosts", "hosts/1"] { try state.setMode(0o2770, name) }
        let folder = try take()
        #expect(try state.mode("hosts") == 0o700 && state.mode("hosts/1") == 0o700)
        #expect(folder.number == 1 && folder.remarks.isEmpty)
    }

    @Test func whatAnEarlierHostLeftIsRemovedButForLastWords() throws {
        let files = FileManager.default
        let folder = "\(state.path)/hosts/1"
        try files.createDirectory(atPath: "\(folder)/a/b", withIntermediateDirectories: true)
        try files.createDirectory(atPath: "\(folder)/last-words", withIntermediateDirectories: true)
        try files.createDirectory(atPath: "\(state.path)/elsewhere", withIntermediateDirectories: true)
        try state.write("stays", "elsewhere/file")
        try state.write("stays", "hosts/1/last-words/cart")
        try state.write("goes", "hosts/1/a/b/c")
        try state.write("goes", "hosts/1/control.sock")
        try files.createSymbolicLink(atPath: "\(folder)/link", withDestinationPath: "\(state.path)/elsewhere")
        let taken = try take()
        #expect(taken.number == 1)
        #expect(try state.names("hosts/1") == ["last-words", "lock"])
        #expect(try state.read("hosts/1/last-words/cart") == "stays" && state.read("elsewhere/file") == "stays")
        #expect(taken.lastWordsPath == "\(folder)/last-words")
    }

    /// What takes the place of the lock. Opening some of them would wait for somebody.
    enum Intruder: CaseIterable {
        case link, pipe, folder, socket

        func put(at path: String) throws {
            switch self {
            case .link: try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/dev/null")
            case .pipe: #expect(unsafe mkfifo(path, 0o600) == 0)
            case .folder: try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
            case .socket: #expect(unsafe mknod(path, S_IFSOCK | 0o600, 0) == 0)
            }
        }
    }

    @Test(arguments: Intruder.allCases) func whatIsNoLockIsPassedOverAndTold(intruder: Intruder) throws {
        try FileManager.default.createDirectory(
            atPath: "\(state.path)/hosts/1", withIntermediateDirectories: true)
        try intruder.put(at: "\(state.path)/hosts/1/lock")
        let folder = try take()
        #expect(folder.number == 2)
        #expect(folder.remarks.count == 1 && folder.remarks[0].contains("/hosts/1/lock is not a regular file"))
        #expect(try living == [2])
    }

    @Test func aLinkInPlaceOfAFolderIsNotFollowed() throws {
        let files = FileManager.default
        try files.createDirectory(atPath: "\(state.path)/hosts", withIntermediateDirectories: true)
        try files.createDirectory(atPath: "\(state.path)/elsewhere", withIntermediateDirectories: true)
        try state.write("stays", "elsewhere/file")
        try files.createSymbolicLink(
            atPath: "\(state.path)/hosts/1", withDestinationPath: "\(state.path)/elsewhere")
        let folder = try take()
        #expect(folder.number == 2 && folder.remarks[0].contains("/hosts/1 is not a folder (or a link to one)"))
        #expect(try state.names("elsewhere") == ["file"])
    }

    @Test func withoutAFolderForFoldersThereIsNone() throws {
        try state.write("", "hosts")
        #expect(try fault().kind == .notFolder)
        #expect(throws: FileStatus.Failure.self) { try living }
        try FileManager.default.removeItem(atPath: "\(state.path)/hosts")
        #expect(try living == [])
        let missing = #expect(throws: SecretFileFault.self) { _ = try HostFolder.take(in: "\(state.path)/no/state") }
        #expect(missing?.kind == .system(operation: "mkdir", code: ENOENT))
    }

    /// /proc lets nobody make anything, not even root.
    @Test func theSystemsRefusalIsToldAtOnce() {
        let fault = #expect(throws: SecretFileFault.self) { _ = try HostFolder.take(in: "/proc") }
        #expect(fault?.description.hasPrefix("/proc/hosts: mkdir failed: ") == true)
    }

    @Test func otherNamesAreNoHosts() throws {
        let folder = try take()
        for name in ["0", "01", "-1", "+1", "1x", "9999999999999999999"] {
            try FileManager.default.createDirectory(
                atPath: "\(state.path)/hosts/\(name)", withIntermediateDirectories: false)
            try FileManager.default.linkItem(
                atPath: "\(state.path)/hosts/1/lock", toPath: "\(state.path)/hosts/\(name)/lock")
        }
        #expect(try living == [1])
        withExtendedLifetime(folder) {}
    }

    @Test func aLockThatWasDeletedBelongsToNobody() throws {
        let former = try take()
        try FileManager.default.removeItem(atPath: "\(state.path)/hosts/1")
        #expect(try living == [])
        let latter = try take()
        #expect(latter.number == 1)
        withExtendedLifetime(former) {}
    }

    /// Whoever looks has the lock for a moment, and must not look like a host.
    @Test func whoeverLooksKeepsNobodyFromTaking() throws {
        _ = try take()
        let path = state.path
        let folder = try PrivateFolder(making: "\(path)/hosts/1")
        let isOver = Atomic(false)
        DispatchQueue.concurrentPerform(iterations: 3) { worker in
            if worker > 0 {
                while !isOver.load(ordering: .relaxed) { _ = FileLock.isHeld("lock", in: folder.file) }
            } else {
                let numbers = (0..<500).map { _ in (try? HostFolder.take(in: path))?.number }
                isOver.store(true, ordering: .relaxed)
                #expect(numbers.allSatisfy { $0 == 1 })
            }
        }
    }
}
