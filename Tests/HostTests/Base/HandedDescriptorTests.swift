// A number that another file has now is not what a process was handed.

import Glibc
import HostBase
import Testing

@Suite struct HandedDescriptorTests {
    @Test func anotherFileOfItsNumberIsNone() throws {
        var ends: [Int32] = [0, 0]
        let made = unsafe pipe(&ends)
        try #require(made == 0)
        defer { for end in ends { close(end) } }
        let handed = HandedDescriptor(ends[1])
        #expect(handed.isThere)
        let file = unsafe open("/dev/null", O_WRONLY | O_CLOEXEC)
        // In its place at once, as where a pack closes it and opens something: other tests open files meanwhile.
        #expect(dup2(file, ends[1]) == ends[1])
        close(file)
        #expect(!handed.isThere)
    }
}
