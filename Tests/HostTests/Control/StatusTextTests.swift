// What an operator reads of a host, whatever the host says and whichever version it has.

import HostBase
import JSON
import NIOCore
import Testing

@testable import HostCalls
@testable import HostControl
@testable import HostSandbox

@Suite struct StatusTextTests {
    private static let vitals = HostVitals(
        number: 2, version: "1.2.0", state: .serving, process: 4711, address: "127.0.0.1:3001", uptime: .seconds(4000),
        memory: 37_249_000, connections: 1,
        packs: [
            PackVitals(
                pack: "cart", version: "1.1.0", file: "cart.so",
                engine: EngineVitals(isolation: .host, state: .running, process: 4711, uptime: .seconds(59)),
                openCalls: 3),
            PackVitals(
                pack: "catalog", version: "2.0.0", file: "catalog.so",
                engine: EngineVitals(
                    isolation: .process, state: .running, process: 4712, uptime: .seconds(59), memory: 10_500_000,
                    limits: PackLimits(
                        memory: 512 << 20, threads: nil, openFiles: 1024, fileSize: nil, keepsCoreDumps: false),
                    usage: PackUsage(memory: 4_400_000, threads: 9)),
                openCalls: 0),
            PackVitals(
                pack: "deals", version: "1.1.0", file: "deals.so",
                engine: EngineVitals(
                    isolation: .process, state: .restarting, process: nil, uptime: nil, restartCount: 12,
                    restarts: [
                        .init(date: NumericDate(seconds: 0), reason: "SIGSEGV in get_deals"),
                        .init(date: NumericDate(seconds: 90), reason: "exit code 3"),
                    ], memory: 4_400_000, nextStart: .milliseconds(4900),
                    quarantined: [.init(tool: "get_deals", reason: "was killed: it held 97MiB")],
                    lastWordsPath: "/var/hosts/2/last-words", limits: .standard),
                openCalls: 0),
        ], refusals: [PackRefusal(file: "readme.so", reason: "is not an ELF file")])

    @Test func itIsATable() {
        let expected = """
            host 2: serving at 127.0.0.1:3001, version 1.2.0, pid 4711, up 1h 6m, 35.5MiB, 1 connection
              pack     version  runs in  sandbox  state       pid   up   restarts  memory   held              threads  calls
              cart     1.1.0    host     -        running     4711  59s  0         -        -                 -        3
              catalog  2.0.0    process  -        running     4712  59s  0         10.0MiB  4.1MiB of 512MiB  9        0
              deals    1.1.0    process  -        restarting  -     -    12        4.1MiB   -                 -        0
              deals: ended 1970-01-01T00:01:30.000Z: exit code 3
              deals: ended 1970-01-01T00:00:00.000Z: SIGSEGV in get_deals
              deals: the next start is due in 4s
              deals: in quarantine: get_deals, since the process was killed: it held 97MiB
              deals: last words in /var/hosts/2/last-words
              refused: readme.so: is not an ELF file
            """
        #expect(StatusText(Self.vitals.json).lines.joined(separator: "\n") == expected)
    }

    @Test func programsReadTheSame() throws {
        let packs = try #require(Self.vitals.json["packs"]?.array)
        #expect(packs[0]["limits"] == .null && packs[0]["usage"] == .null && packs[2]["usage"] == .null)
        #expect(packs[1]["usage"] == ["memory_bytes": 4_400_000, "threads": 9])
        #expect(
            packs[1]["limits"] == [
                "memory_bytes": 536_870_912, "threads": nil, "threads_held_by": nil, "open_files": 1024,
                "file_size_bytes": nil, "core_dumps": false,
            ])
        #expect(packs[2]["limits"]?["threads_held_by"] == "host")
        #expect(packs[2]["quarantined_tools"] == ["get_deals"])
        #expect(packs[2]["quarantine_reasons"] == ["get_deals": "was killed: it held 97MiB"])
    }

    @Test func aHostThatStartsSaysWhatItKnows() {
        var vitals = Self.vitals
        (vitals.state, vitals.address, vitals.memory, vitals.connections) = (.starting, nil, nil, 0)
        (vitals.packs, vitals.refusals) = ([], [])
        #expect(
            StatusText(vitals.json).lines == ["host 2: starting, version 1.2.0, pid 4711, up 1h 6m, 0 connections"])
    }

    /// Another version's, or no host's at all.
    @Test(arguments: ["null", "[]", "{}", #"{"host":1,"packs":[1,null,{}],"refused":[{}]}"#, #"{"packs":"x"}"#])
    func whatIsMissingIsLeftOut(text: String) throws {
        #expect(StatusText(try JSONValue(parsing: text)).lines[0].hasPrefix("host -: -"))
    }

    @Test func nothingMovesACursor() throws {
        let packs = #"[{"pack":"a\nb","state":"caf\u00e9\u202e"}]"#
        let text = #"{"host":{"state":"\u001b[2J"},"packs":\#(packs),"refused":[{"reason":"\r"}]}"#
        let shown = StatusText(try JSONValue(parsing: text)).lines.joined()
        #expect(shown.contains(#"\u{1b}[2J"#) && shown.contains(#"a\u{a}b"#) && shown.contains(#"café\u{202e}"#))
        #expect(shown.unicodeScalars.allSatisfy { $0.value >= 32 && $0 != "\u{202e}" })
    }

    @Test(arguments: [
        (0, "0s"), (59.9, "59s"), (60, "1m 0s"), (3599, "59m 59s"), (3600, "1h 0m"), (86_399, "23h 59m"),
        (90_000, "1d 1h"), (-1, "0s"), (1e300, "11574074d 1h"),
    ])
    func durations(seconds: Double, text: String) {
        #expect(StatusText.duration(seconds) == text)
    }
}
