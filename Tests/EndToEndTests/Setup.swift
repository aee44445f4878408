// What the end-to-end tests run against: built beforehand and named by the environment, because no test may build.

import Foundation
import Testing

/// Paths that `make test` hands over.
enum Setup {
    /// The release build of `toolhost`.
    static var executable: String { get throws { try value("TOOLHOST_BIN") } }
    /// Whether assertions of libraries are left out of it.
    static var isRelease: Bool { (try? executable.contains("/release/")) == true }
    /// The folder of the four staged packs.
    static var packs: String { get throws { try value("TOOLHOST_PACKS") } }
    /// The folder of the compiled fixture packs.
    static var fixtures: String { get throws { try value("TOOLHOST_FIXTURES") } }
    /// The work tree.
    static var root: String { get throws { try value("TOOLHOST_ROOT") } }
    /// A Python interpreter with the packages of scripts/requirements.txt.
    static var python: String { get throws { try value("TOOLHOST_PYTHON") } }
    /// One with those of scripts/requirements-mcp1.txt.
    static var earlierPython: String { get throws { try value("TOOLHOST_PYTHON_MCP1") } }

    /// Ones with the packages of scripts/requirements-importers.txt and of scripts/requirements-importers-mcp1.txt;
    /// only `make test-long` has them.
    static var importers: String? { try? value("TOOLHOST_PYTHON_IMPORTERS") }
    static var earlierImporters: String? { try? value("TOOLHOST_PYTHON_IMPORTERS_MCP1") }

    /// Whether there is a fixture in Go; only `make test-long` makes it, where there is a compiler.
    static var hasGo: Bool { (try? value("TOOLHOST_GO")) != nil }

    /// How often what depends on chance is tried; more in `make test-long`.
    static var rounds: Int { number("TEST_ROUNDS") ?? 1 }
    /// How many processes of packs are killed, and for how many seconds one writes nonsense to the memory that it
    /// shares with the host, where that is said apart from the rounds.
    static var kills: Int? { number("TEST_KILLS") }
    static var scribbling: Int? { number("TEST_SCRIBBLING") }

    private static func number(_ name: String) -> Int? { (try? value(name)).flatMap { Int($0) } }

    /// Both engines, for what must hold in each.
    static let isolations = Isolation.allCases

    struct Missing: Error, CustomStringConvertible {
        let name: String
        var description: String { "\(name) is not set; run the end-to-end tests with `make test`" }
    }

    static func value(_ name: String) throws -> String {
        guard let value = unsafe getenv(name), unsafe value.pointee != 0 else { throw Missing(name: name) }
        return unsafe String(cString: value)
    }
}

/// Where packs run: in processes of their own, or inside the host (`PACK_ISOLATION`).
enum Isolation: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case process, host

    var testDescription: String { rawValue }
}

/// Runs the body so often at the same time, each on a thread of its own, and waits for all. Dispatch would begin no
/// more of them than there are processors.
func atOnce(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let group = DispatchGroup()
    for index in 0..<count {
        group.enter()
        Thread.detachNewThread {
            body(index)
            group.leave()
        }
    }
    group.wait()
}

/// Asks again and again until the condition holds; false when it does not within the time.
func eventually(within time: Duration = .seconds(30), _ condition: () throws -> Bool) rethrows -> Bool {
    let clock = ContinuousClock()
    let end = clock.now + time
    while true {
        if try condition() { return true }
        if clock.now >= end { return false }
        usleep(2_000)
    }
}
