// Mutated documents: the parser neither traps nor disagrees with itself, and what it writes it reads again.

import JSON
import Testing

@Suite struct JSONFuzzTests {
    private static let seeds = [
        #"{"a":[1,-0.5e+10,true,null,"x\u00e9\ud83d\ude00\n"],"b":{"c":{},"d":[[]]}, "é": "日本" }"#,
        #"[0,1e5,{"k":"v","k2":"v2","\u006b3":1},"\\\"\/\b\f\n\r\t",[],{}]"#, #""plain""#, #"-12.50E-3"#,
    ]

    @Test func mutatedDocumentsAreReadConsistently() throws {
        var generator = Random(state: 2020_12)
        let interesting: [UInt8] =
            Array("{}[]:,\"\\/ue0123456789-+.Etfn \n\t".utf8) + [0x00, 0x7F, 0x80, 0xC3, 0xED, 0xF4, 0xFF]
        var accepted = 0
        for round in 0..<20_000 {
            var bytes = Array(Self.seeds[round % Self.seeds.count].utf8)
            for _ in 0..<Int.random(in: 1...3, using: &generator) where !bytes.isEmpty {
                let index = Int.random(in: bytes.indices, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: bytes.remove(at: index)
                case 1: bytes.insert(interesting.randomElement(using: &generator) ?? 0, at: index)
                case 2: bytes.removeLast(bytes.count - index)
                default: bytes[index] = interesting.randomElement(using: &generator) ?? 0
                }
            }
            guard let document = try? JSONDocument(parsing: bytes) else {
                #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: bytes) }
                continue
            }
            accepted += 1
            let value = document.root.value
            #expect(try JSONValue(parsing: value.bytes()) == value)
            #expect(try JSONValue(parsing: value.bytes(pretty: true)) == value)
            var writer = JSONWriter()
            writer.value(document.root)
            #expect(writer.finish() == value.bytes())
        }
        #expect(accepted > 1_000)
        #expect(accepted < 19_000)
    }
}

/// Numbers that come out the same in every run (splitmix64).
private struct Random: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
