// Notes about packs that ended the host: whose they are, how many are enough, and when they are gone.

import JSON
import Testing

@testable import HostApp
@testable import HostBase
@testable import HostCalls
@testable import HostPacks

@Suite struct StartNotesTests {
    private let folder: TemporaryFolder
    private let settings: Settings

    init() throws {
        folder = try TemporaryFolder()
        settings = try Self.settings(folder, [:])
    }

    private static func settings(_ folder: TemporaryFolder, _ more: [String: String]) throws -> Settings {
        let basis = ["STATE_DIR": folder.path, "PLUGINS_DIR": "/srv/plugins.d", "MCP_SERVER_PORT": "4000"]
        return try Settings(
            source: SettingsSource(environment: basis.merging(more) { $1 }), workingDirectory: "/srv")
    }

    private func notes(_ settings: Settings) -> StartNotes {
        StartNotes(settings.packs, host: settings.host, port: settings.port)
    }

    private func subject(_ yaml: String? = nil, _ configuration: JSONObject? = nil) throws -> StartNote.Subject {
        let policy = try yaml.map { try PackPolicy(parsing: $0) } ?? PackPolicy()
        return StartNote.Subject(PackFile(name: "a.so", copyPath: "/a"), policy, configuration: configuration)
    }

    private func write(_ subjects: [StartNote.Subject], end: String = "SIGSEGV", after text: String = "") throws {
        let notes = self.notes(settings)
        try FileStatus.makeDirectory(folder.path + "/starts")
        let lines = subjects.flatMap { StartNote(subject: $0, end: end).line }
        try FileStatus.write(Array(text.utf8) + lines, to: notes.path, mode: 0o600)
    }

    private func isLeftOut(_ subject: StartNote.Subject) -> Bool {
        do {
            try notes(settings).check(subject)
            return false
        } catch {
            return true
        }
    }

    @Test func twoInARowAreEnough() throws {
        let subject = try subject()
        #expect(!isLeftOut(subject))
        try write([subject])
        #expect(!isLeftOut(subject))
        try write([subject, subject])
        #expect(isLeftOut(subject))
    }

    @Test func theReasonNamesTheEndsAndTheFileToDelete() throws {
        let subject = try subject("enabled: true", [:])
        try write([subject, subject])
        let notes = self.notes(settings)
        let refusal = #expect(throws: PackRefusal.self) { try notes.check(subject) }
        for words in ["in its start", "SIGSEGV, SIGSEGV", "rm \(notes.path)", "a.yaml"] {
            #expect(refusal?.reason.contains(words) == true, "\(refusal?.reason ?? "")")
        }
    }

    @Test func anotherFileYAMLConfigurationOrPhaseIsAnotherAttempt() throws {
        let known = try subject("enabled: true", ["a": 1])
        try write([known, known])
        #expect(isLeftOut(known))
        #expect(try !isLeftOut(subject("enabled: true ", ["a": 1])))
        #expect(try !isLeftOut(subject("enabled: true", ["a": 2])))
        #expect(try !isLeftOut(subject("enabled: true")))
        #expect(try !isLeftOut(subject(nil, ["a": 1])))
    }

    @Test func whatCannotBeReadCountsForNothing() throws {
        let subject = try subject()
        for text in ["\0\0\0\0", #"{"file":"a.so","phase":"load","dig"#, "[]\n{}\nnull\n"] {
            try write([subject], after: text + "\n")
            #expect(!isLeftOut(subject), "\(text)")
            try write([subject, subject], after: text + "\n")
            #expect(isLeftOut(subject), "\(text)")
        }
    }

    @Test func hostsOnOneStateFolderDoNotBlameEachOther() throws {
        let path = notes(settings).path
        #expect(try notes(Self.settings(folder, [:])).path == path)
        for other in [["MCP_SERVER_PORT": "4001"], ["MCP_SERVER_HOST": "127.0.0.2"], ["PLUGINS_DIR": "/srv/other"]] {
            #expect(try notes(Self.settings(folder, other)).path != path)
        }
    }

    @Test func aStartThatEndsWellTakesTheNotesAway() throws {
        let (one, other) = try (subject(), subject("enabled: true"))
        try write([one])
        notes(settings).end(refused: [], isInterrupted: false)
        #expect(try folder.names("starts") == [])
        try write([one, other, one])
        notes(settings).end(refused: ["a.so"], isInterrupted: false)
        #expect(isLeftOut(one))
        #expect(!isLeftOut(other))
        try write([one, one])
        notes(settings).end(refused: [], isInterrupted: false)
        #expect(try folder.names("starts") == [])
    }

    @Test func nothingIsMadeWithoutNeed() throws {
        let notes = self.notes(settings)
        notes.end(refused: [], isInterrupted: false)
        #expect(try folder.names() == [])
    }

    @Test func anOpeningAndAnEndAreALine() throws {
        let subject = try subject()
        let line = Array((StartNote.opening(of: subject) + "SIGBUS\"}\n").utf8)
        #expect(StartNote.all(in: line) == [StartNote(subject: subject, end: "SIGBUS")])
    }
}
