// What the end-to-end tests run against: built beforehand and named by the environment, because no test may build.

import Glibc

/// Paths that `make test` hands over.
enum Setup {
    /// The release build of `toolhost`.
    static var executable: String { get throws { try value("TOOLHOST_BIN") } }
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

    /// How often what depends on chance is tried; more in `make test-long`.
    static var rounds: Int { (try? value("TEST_ROUNDS")).flatMap { Int($0) } ?? 1 }

    struct Missing: Error, CustomStringConvertible {
        let name: String
        var description: String { "\(name) is not set; run the end-to-end tests with `make test`" }
    }

    static func value(_ name: String) throws -> String {
        guard let value = unsafe getenv(name), unsafe value.pointee != 0 else { throw Missing(name: name) }
        return unsafe String(cString: value)
    }
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
