// A child's end is seen with and without a descriptor of it, and by nobody else.

import Glibc
import Testing

@testable import HostBase

@Suite struct ChildEndTests {
    private func start(_ script: String) throws -> pid_t {
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        let command = ["/bin/sh", "-c", script]
        var words = unsafe command.map { unsafe strdup($0) } + [nil]
        defer { while let word = unsafe words.popLast() { unsafe free(word) } }
        let process = OwnChildren.start {
            var number = pid_t()
            return unsafe posix_spawn(&number, "/bin/sh", nil, &attributes, &words, environ) == 0 ? number : nil
        }
        return try #require(process)
    }

    private func end(of child: ChildEnd) -> ChildEnd.End? {
        var end: ChildEnd.End?
        for _ in 0..<3000 where end == nil {
            end = child.look(keeps: true)
            usleep(1000)
        }
        return end
    }

    @Test(arguments: [true, false]) func howItEnds(usesDescriptor: Bool) throws {
        for (script, expected) in [
            ("exit 0", ChildEnd.End.exited(0)), ("exit 7", .exited(7)), ("kill -9 $$", .signalled(9)),
        ] {
            let child = ChildEnd(try start(script), usesDescriptor: usesDescriptor)
            #expect((child.descriptor >= 0) == usesDescriptor)
            #expect(end(of: child) == expected)
            // It was only looked at.
            #expect(child.look(keeps: true) == expected)
            child.end()
        }
    }

    @Test(arguments: [true, false]) func itIsEndedWithWhatItStarted(usesDescriptor: Bool) throws {
        let folder = try TemporaryFolder()
        let script = "sleep 1000 & : >\(folder.path)/started; exec sleep 1000"
        let child = ChildEnd(try start(script), usesDescriptor: usesDescriptor)
        for _ in 0..<10_000 where try folder.names().isEmpty { usleep(1000) }
        #expect(try folder.names() == ["started"])
        #expect(child.look(keeps: true) == nil)
        #expect(!OwnChildren.ifStranger(child.process) {})
        child.end()
        #expect(kill(child.process, 0) != 0 && errno == ESRCH)
        var isGone = false
        for _ in 0..<3000 where !isGone {
            isGone = kill(-child.process, 0) != 0 && errno == ESRCH
            usleep(1000)
        }
        #expect(isGone)
        #expect(OwnChildren.ifStranger(child.process) {})
    }
}
