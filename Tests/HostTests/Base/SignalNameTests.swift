// Every signal has the name that an operator looks it up by.

import Glibc
import Testing

@testable import HostBase

@Suite struct SignalNameTests {
    @Test(arguments: [
        (SIGSEGV, "SIGSEGV"), (SIGABRT, "SIGABRT"), (SIGKILL, "SIGKILL"), (SIGSTOP, "SIGSTOP"), (SIGSYS, "SIGSYS"),
        (34, "SIGRTMIN+0"), (37, "SIGRTMIN+3"), (64, "SIGRTMIN+30"), (0, "signal 0"), (33, "signal 33"),
        (65, "signal 65"), (-1, "signal -1"),
    ])
    func names(number: Int32, name: String) {
        #expect(SignalName.text(number) == name)
    }

    @Test func allHaveNamesButThoseOfTheCLibrary() {
        let names = Set((1...64).map { SignalName.text($0) })
        #expect(names.count == 64)
        #expect(names.filter { !$0.hasPrefix("SIG") }.sorted() == ["signal 32", "signal 33"])
    }
}
