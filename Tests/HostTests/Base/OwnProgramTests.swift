// The program that runs is found by what it is, and not by its name.

import Glibc
import Testing

@testable import HostBase

@Suite struct OwnProgramTests {
    @Test func itIsTheFileThatRuns() throws {
        let program = try #require(OwnProgram.current)
        var (own, named) = (stat(), stat())
        let found = unsafe (stat("/proc/self/exe", &own), stat(program.executable, &named))
        #expect(found == (0, 0))
        #expect(program.executable == "/proc/self/exe")
        #expect(OwnProgram.identity == "\(own.st_dev):\(own.st_ino)" && own.st_ino == named.st_ino)
    }
}
