// Nothing that the host does to save memory may touch what is a pack's: a thread of a pack reads files and fills memory
// while the host starts.

import JSON
import Testing

@Suite("Memory of packs") struct PackMemoryTests {
    @Test("A pack that maps files and fills memory finds what it wrote, start after start")
    func starts() throws {
        let scratch = try Scratch()
        try HostOptions(packs: ["file_reader"] + PackSource.shop).stage(in: scratch)
        for _ in 1...(40 * Setup.rounds) {
            try RunningHost.with(HostOptions(isolation: .host), in: scratch) { host throws in
                let answer = try host.call("file_reader")
                #expect(answer.json?["changed"] == 0, "\(answer.status) \(answer.text)")
                #expect(host.stop() == .exited(0), "\(scratch.text("log"))")
            }
        }
    }
}
