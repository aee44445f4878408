// Secrets on disk: mode, atomicity, and what is refused with which advice.

import Foundation
import Testing

@testable import HostAuth
@testable import HostBase

@Suite struct SecretFileTests {
    let folder: TemporaryFolder
    private var file: String { "\(folder.path)/secret" }

    init() throws {
        folder = try TemporaryFolder()
    }

    private func fault(_ body: () throws(SecretFileFault) -> Void) -> SecretFileFault? {
        do throws(SecretFileFault) {
            try body()
            return nil
        } catch {
            return error
        }
    }

    @Test func createsOnceWithNarrowMode() throws {
        #expect(try SecretFile.read(file) == nil)
        #expect(try SecretFile.create(file, [1, 2, 3]))
        #expect(try SecretFile.read(file) == [1, 2, 3])
        #expect(try folder.mode("secret") == 0o600)
        // Another process was faster: its secret stays.
        #expect(!(try SecretFile.create(file, [4])))
        #expect(try SecretFile.read(file) == [1, 2, 3])
        #expect(try folder.names() == ["secret"])
    }

    @Test func parallelCreationHasOneWinner() async throws {
        let file = file
        let winners = try await withThrowingTaskGroup(of: UInt8?.self) { group in
            for number in UInt8(0)..<8 {
                group.addTask { try SecretFile.create(file, [number]) ? number : nil }
            }
            return try await group.reduce(into: [UInt8]()) { if let number = $1 { $0.append(number) } }
        }
        #expect(winners.count == 1)
        #expect(try SecretFile.read(file) == winners)
        #expect(try folder.names() == ["secret"])
    }

    @Test func readsLongContent() throws {
        let content = SecureRandom.bytes(10_000)
        #expect(try SecretFile.create(file, content))
        #expect(try SecretFile.read(file) == content)
        #expect(
            fault { () throws(SecretFileFault) in _ = try SecretFile.read(file, limit: 9_999) }?.kind
                == .tooLarge(limit: 9_999))
    }

    @Test(arguments: [0o640, 0o604, 0o620, 0o660, 0o610, 0o644, 0o777])
    func refusesWiderModes(mode: Int) throws {
        try folder.write("x", "secret", mode: mode)
        let fault = fault { () throws(SecretFileFault) in _ = try SecretFile.read(file) }
        #expect(fault?.kind == .openToOthers(mode: UInt32(mode)))
        #expect(fault?.description.contains("chmod go-rwx '\(file)'") == true)
        #expect(fault?.description.contains("mode 0\(String(mode, radix: 8))") == true)
    }

    @Test func refusesWhatIsNoFile() throws {
        try folder.write("x", "target")
        try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: "\(folder.path)/target")
        #expect(fault { () throws(SecretFileFault) in _ = try SecretFile.read(file) }?.kind == .notRegular)
        #expect(fault { () throws(SecretFileFault) in _ = try SecretFile.read(folder.path) }?.kind == .notRegular)
    }

    /// A new secret in its place would end every token, or let in whoever knows the new one.
    @Test func aLinkThatLeadsNowhereIsNotAbsent() throws {
        try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: "\(folder.path)/unmounted")
        #expect(fault { () throws(SecretFileFault) in _ = try SecretFile.read(file) }?.kind == .notRegular)
        let link = "\(folder.path)/auth"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "\(folder.path)/unmounted")
        #expect(fault { () throws(SecretFileFault) in try SecretFile.prepareFolder(link) }?.kind == .notFolder)
        #expect(
            fault { () throws(SecretFileFault) in _ = try SecretFile.read(link + "/secret") }?.kind
                == .system(operation: "open folder", code: 2))
        #expect(throws: SecretFileFault.self) { try EmbeddedIdentity.isMade(in: link) }
        #expect(try !EmbeddedIdentity.isMade(in: folder.path + "/none"))
    }

    @Test func preparesTheFolder() throws {
        let inner = "\(folder.path)/auth"
        try SecretFile.prepareFolder(inner)
        try SecretFile.prepareFolder(inner)
        #expect(try folder.mode("auth") == 0o700)
        try folder.setMode(0o750, "auth")
        #expect(
            fault { () throws(SecretFileFault) in try SecretFile.prepareFolder(inner) }?.kind
                == .openToOthers(mode: 0o750))
        try folder.write("x", "file")
        #expect(
            fault { () throws(SecretFileFault) in try SecretFile.prepareFolder("\(folder.path)/file") }?.kind
                == .notFolder)
        #expect(
            fault { () throws(SecretFileFault) in try SecretFile.prepareFolder("\(folder.path)/no/auth") }?.kind
                == .system(operation: "mkdir", code: 2))
    }
}
