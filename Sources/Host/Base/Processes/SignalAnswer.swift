// What each signal does to a host that serves: none ends it without a word.

import Glibc

/// The answer to one signal.
enum SignalAnswer: Sendable, Equatable {
    /// The host stops in order.
    case stop
    /// Nothing but a line in the log, which says this.
    case remark(String)

    /// Whether a second signal of this kind, a second or more after the first, ends the process at once.
    func isUrgent(_ number: Int32) -> Bool {
        // The system sends this one every second.
        self == .stop && number != SIGXCPU
    }

    /// The signals that are caught. The others keep their effect: faults end the process with a note, SIGKILL and
    /// SIGSTOP cannot be caught, and those of job control and children do no harm.
    static let caught: [Int32] =
        [
            SIGTERM, SIGINT, SIGQUIT, SIGPWR, SIGXCPU, SIGHUP, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGXFSZ,
            SIGIO, SIGSTKFLT,
        ] + Array(34...64)

    /// - Parameter onTerminal: somebody started the host by hand, and sees its log.
    init(to number: Int32, onTerminal: Bool) {
        switch number {
        case SIGTERM, SIGINT, SIGQUIT, SIGPWR, SIGXCPU: self = .stop
        // A terminal that went away takes along what was started on it. Elsewhere the signal asks to read files again.
        case SIGHUP where onTerminal: self = .stop
        case SIGHUP: self = .remark("files are read at the start only: restart the host to have them read")
        case SIGUSR1, SIGUSR2: self = .remark("it has no meaning here; the log is never reopened")
        case SIGALRM, SIGVTALRM, SIGPROF: self = .remark("a timer that a pack has set, or somebody sent it")
        case SIGXFSZ: self = .remark("a file would have grown beyond the limit on its size (ulimit -f)")
        default: self = .remark("it has no meaning here")
        }
    }
}
