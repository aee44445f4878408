// What each signal does: none that would end the process is left without an answer.

import Glibc
import Testing

@testable import HostBase

@Suite("SignalAnswer") struct SignalAnswerTests {
    @Test("Every signal whose usual effect is the end of the process is caught, but for faults and SIGKILL")
    func all() {
        let faults: Set<Int32> = [SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT, SIGSYS]
        let never: Set<Int32> = [SIGKILL, SIGSTOP]
        // signal(7): these stop or go on, or are ignored by default.
        let mild: Set<Int32> = [SIGCHLD, SIGCONT, SIGTSTP, SIGTTIN, SIGTTOU, SIGURG, SIGWINCH]
        // Ignored, so that a write to a closed pipe fails instead; and the C library's own.
        let others: Set<Int32> = [SIGPIPE, 32, 33]
        let caught = Set(SignalAnswer.caught)
        #expect(caught.count == SignalAnswer.caught.count)
        #expect(caught == Set(1...64).subtracting(faults).subtracting(never).subtracting(mild).subtracting(others))
    }

    @Test("Those that ask for an end stop the host; a terminal that goes away does where the host was started on it")
    func stops() {
        for number in [SIGTERM, SIGINT, SIGQUIT, SIGPWR, SIGXCPU] {
            #expect(SignalAnswer(to: number, onTerminal: false) == .stop)
        }
        #expect(SignalAnswer(to: SIGHUP, onTerminal: true) == .stop)
        #expect(SignalAnswer(to: SIGHUP, onTerminal: false) != .stop)
        for number in [SIGUSR1, SIGUSR2, SIGALRM, SIGXFSZ, 34] {
            #expect(SignalAnswer(to: number, onTerminal: true) != .stop)
        }
        #expect(SignalAnswer.stop.isUrgent(SIGTERM) && !SignalAnswer.stop.isUrgent(SIGXCPU))
    }
}
