// Where last words lie: in one folder, ten files for each pack, and whatever goes wrong there stops nothing.

import Foundation
import Logging
import Testing

@testable import HostBase

@Suite struct LastWordsFolderTests {
    private let folder: TemporaryFolder
    private let lines = CollectedLines()

    init() throws {
        folder = try TemporaryFolder()
    }

    private func words(_ text: String) -> LastWords {
        var words = LastWords()
        words.append(text.utf8)
        return words
    }

    private func keeper(_ name: String = "state/words") -> LastWordsFolder {
        LastWordsFolder("\(folder.path)/\(name)", logger: lines.logger)
    }

    private func date(_ seconds: Double) -> NumericDate { NumericDate(seconds: 1_772_442_904 + seconds) }

    @Test func theyLieInAFileThatNobodyElseCanRead() throws {
        var keeper = keeper()
        let path = keeper.keep(words("no such table\n"), of: "cart", process: 4711, at: date(0.25))
        let name = "state/words/cart.20260302T091504.250Z.4711.log"
        #expect(path == "\(folder.path)/\(name)")
        #expect(try folder.read(name) == "no such table\n")
        #expect(try folder.mode(name) == 0o600 && folder.mode("state/words") == 0o700)
        #expect(lines.all == [])
    }

    @Test func whoSaidNothingHasNoFile() throws {
        var keeper = keeper()
        #expect(keeper.keep(LastWords(), of: "cart", process: 1, at: date(0)) == nil)
        #expect(try folder.names() == [])
    }

    @Test func tenOfEachPackAreKept() throws {
        var keeper = keeper("words")
        try FileManager.default.createDirectory(atPath: "\(folder.path)/words", withIntermediateDirectories: true)
        // Files of others: a pack whose name begins alike, and what only looks like last words.
        let others = [
            "cart-2.20200101T000000.000Z.1.log", "cart.20200101T000000.000Z.1.txt", "cart.old.log", "notes",
            "cart.2020010100000.0000Z.1.log", "cart.20200101T000000.000Z.+1.log", "cart.20200101T000000.000Z.01.log",
        ]
        for name in others { try folder.write("kept", "words/\(name)") }
        for number in 0..<12 {
            #expect(keeper.keep(words("\(number)"), of: "cart", process: 1, at: date(Double(number))) != nil)
        }
        let own = try folder.names("words").filter { !others.contains($0) }
        #expect(try own.map { try folder.read("words/\($0)") } == (2..<12).map { "\($0)" })
        #expect(try Set(folder.names("words")).isSuperset(of: others))
    }

    @Test func theLatestStaysWhereTheClockWasPutBack() throws {
        var keeper = keeper("words")
        for number in 0..<10 { _ = keeper.keep(words("\(number)"), of: "cart", process: 1, at: date(Double(number))) }
        let path = keeper.keep(words("latest"), of: "cart", process: 1, at: date(-100))
        #expect(path.map { FileManager.default.fileExists(atPath: $0) } == true)
        #expect(try folder.names("words").count == 10)
    }

    @Test(arguments: [
        ("../../etc/cron", "------etc-cron"), ("a.so", "a-so"), ("", "-"), ("/", "-"), ("..", "--"), ("a\0b", "a-b"),
        ("A\u{E9}", "---"), (String(repeating: "x", count: 300), String(repeating: "x", count: 64)),
    ])
    func noNameLeavesTheFolder(pack: String, shown: String) throws {
        var keeper = keeper("words")
        let path = keeper.keep(words("a"), of: pack, process: -7, at: date(0))
        #expect(path == "\(folder.path)/words/\(shown).20260302T091504.000Z.-7.log")
        #expect(try folder.names() == ["words"])
        #expect(try folder.names("words").count == 1)
    }

    @Test func absurdTimesAreNoTrap() throws {
        var keeper = keeper("words")
        for seconds in [-1e300, .infinity, 1e18, -.infinity, .nan] {
            #expect(keeper.keep(words("a"), of: "cart", process: 1, at: NumericDate(seconds: seconds)) != nil)
        }
    }

    /// Nothing can be made where a file is in the way.
    @Test func whatCannotBeKeptIsToldOnceUntilItCan() throws {
        try folder.write("in the way", "words")
        var keeper = keeper("words")
        let told = "warning: the last words of packs cannot be kept folder=\(folder.path)/words reason=Not a directory"
        for _ in 0..<3 { #expect(keeper.keep(words("a"), of: "cart", process: 1, at: date(0)) == nil) }
        #expect(lines.all == [told])
        try FileManager.default.removeItem(atPath: "\(folder.path)/words")
        #expect(keeper.keep(words("a"), of: "cart", process: 1, at: date(0)) != nil)
        try FileManager.default.removeItem(atPath: "\(folder.path)/words")
        try folder.write("in the way", "words")
        #expect(keeper.keep(words("a"), of: "cart", process: 1, at: date(0)) == nil)
        #expect(lines.all == [told, told])
    }
}
