// What a pack may try that is none of its business, and what comes of each at every level of confinement: the list by
// which the fixture `breakout` is tried, and the table of the documentation.

import Testing

/// How far packs are confined (`PACK_SANDBOX`).
enum BreakoutLevel: String, CaseIterable, Sendable {
    case off, standard, strict
}

/// One deed of the fixture.
struct BreakoutDeed: Sendable, CustomTestStringConvertible {
    /// What a deed is told: a member of the arguments each.
    typealias Arguments = @Sendable (BreakoutWorld) throws -> [String: BreakoutValue]

    /// What comes of it without confinement, which proves that it is really tried.
    enum Unconfined: Sendable, Equatable {
        case done
        /// With all the privileges of root; nobody else is asked to.
        case byRoot
        /// As anybody but root: root has no use for it.
        case byUser
        /// Where the system has it, and lets its users.
        case ifSystemLets
        /// The same, of root.
        case ifSystemLetsRoot
        /// The system got as far as to look at what was asked, and that makes no sense.
        case reaches(String)
    }

    /// What comes of it under confinement.
    enum Outcome: Sendable, Equatable {
        case done
        /// The names of errors, or the fixture's own words.
        case refused([String])

        /// By the rules for files: what crosses a border of theirs is told to be on another file system.
        static let file = Outcome.refused(["EACCES", "EXDEV"])
        /// By the filter of system calls.
        static let call = Outcome.refused(["EPERM"])
        /// By one of both, or by the rules for other processes.
        static let any = Outcome.refused(["EACCES", "EPERM", "EXDEV"])
        /// As if the kernel did not have it, so that libraries do without.
        static let unknownCall = Outcome.refused(["ENOSYS", "EPERM"])
    }

    /// In plain words, for the documentation.
    var name: String
    /// The fixture's name of it.
    var what: String
    var unconfined = Unconfined.done
    var standard: Outcome
    var strict: Outcome
    /// The version of Landlock that it takes to refuse it; with an earlier one it is done under `standard`, and under
    /// `strict` where that does not refuse it by other means.
    var landlock = 0
    var isCoveredWhenStrict = false
    /// Whether the host's log has to have the signal, which is added to the arguments: the fixture cannot see whether
    /// it came.
    var isSeenByHost = false
    var arguments: Arguments

    /// - Parameter strict: by default the same as under `standard`.
    init(
        _ name: String, _ what: String, _ standard: Outcome, strict: Outcome? = nil, unconfined: Unconfined = .done,
        landlock: Int = 0, isCoveredWhenStrict: Bool = false, isSeenByHost: Bool = false,
        _ arguments: @escaping Arguments = { _ in [:] }
    ) {
        (self.name, self.what, self.standard, self.strict) = (name, what, standard, strict ?? standard)
        (self.unconfined, self.landlock) = (unconfined, landlock)
        (self.isCoveredWhenStrict, self.isSeenByHost) = (isCoveredWhenStrict, isSeenByHost)
        self.arguments = arguments
    }

    var testDescription: String { name }

    /// Whether what came of it without confinement shows that it is really tried.
    func proves(_ result: BreakoutResult) -> Bool {
        if case .reaches(let reason) = unconfined { return result == .refused(reason) }
        return result.isDone
    }

    /// What is to come of it.
    ///
    /// - Parameter landlock: the version in use; 0: none.
    func outcome(at level: BreakoutLevel, landlock version: Int) -> Outcome {
        switch level {
        case .off: .done
        case .standard: version < landlock ? .done : standard
        case .strict: version < landlock && !isCoveredWhenStrict ? .done : strict
        }
    }

    /// In groups, with what each is about.
    static let groups: [(title: String, deeds: [BreakoutDeed])] = [
        ("The host's files and those of other packs", hostFiles), ("Ways around to them", waysAround),
        ("Other files", otherFiles), ("What a pack has", ownThings), ("The host and other processes", otherProcesses),
        ("Processes of its own", ownProcesses), ("Sockets", sockets), ("The system", system),
        ("What the process was given", surroundings),
    ]

    static var all: [BreakoutDeed] { groups.flatMap(\.deeds) }
}

/// A member of a deed's arguments.
enum BreakoutValue: Sendable, ExpressibleByStringLiteral, ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral
{
    case text(String)
    case number(Int)

    init(stringLiteral text: String) { self = .text(text) }
    init(integerLiteral number: Int) { self = .number(number) }
}
