// How often a process watches descriptors.

import CGlibc
import Glibc
import Testing

@testable import HostBase

@Suite(.serialized) struct ProcessWatchesTests {
    @Test func eachNumberOfEachFileCountsInEachInstance() throws {
        let before = ProcessFile.watches(of: getpid(), limit: .max)
        let instances = (0..<4).map { _ in make_watcher() }
        let file = make_event(0, Int32(event_close_on_exec))
        let numbers = (0..<50).map { _ in fcntl(file, F_DUPFD_CLOEXEC, 3) }
        defer { for descriptor in instances + numbers + [file] { close(descriptor) } }
        for instance in instances {
            for number in numbers {
                #expect(starts_watching(instance, number) != 0)
            }
        }
        let after = ProcessFile.watches(of: getpid(), limit: .max)
        // Other tests run beside this one.
        #expect(abs(after - before - 200) < 100, "\(before) \(after)")
        #expect(ProcessFile.watches(of: getpid(), limit: 10) > 10)
        #expect(ProcessFile.watches(of: Int32.max, limit: 10) == 0)
    }
}
