// Waits of tests that come to an end: where something does not happen, the test fails and says what.

import Dispatch

/// Counts what happens on other threads, for whoever waits for it.
final class Arrivals: Sendable {
    /// What was waited for has not come.
    struct Missing: Error, CustomStringConvertible {
        let description: String
    }

    private static let patience = 20
    private let what: String
    private let each = DispatchSemaphore(value: 0)

    /// - Parameter what: comes, in the plural.
    init(of what: String) { self.what = what }

    /// One more has come.
    func note() { each.signal() }

    /// Blocks until so many more have come.
    ///
    /// - Throws: what is missing, after 20 s without one.
    func wait(for count: Int = 1) throws(Missing) {
        for number in 0..<count where each.wait(timeout: .now() + .seconds(Self.patience)) == .timedOut {
            throw Missing(
                description: "of \(count) \(what) that were waited for, \(number) came in \(Self.patience) s each")
        }
    }
}
