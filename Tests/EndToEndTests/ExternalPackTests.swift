// Packs that were built outside this repository, in Swift against a tag of it and in C and C++ from the header alone.

import JSON
import Testing

@Suite("Packs from elsewhere")
struct ExternalPackTests {
    @Test("All four are dropped in and called, beside the ones that ship")
    func called() throws {
        let folder = try Setup.value("TOOLHOST_EXTERNAL_PACKS")
        let packs: [PackSource] = ["units", "words", "lines", "roman"].map {
            .file("\(folder)/\($0).so", as: "\($0).so")
        }
        let scratch = try Scratch()
        try scratch.write("a\nb\n", to: "list.txt")
        let options = HostOptions(
            packs: packs + PackSource.shop,
            policies: ["lines": "sandbox: strict\nconfig: {file: list.txt}\n"])
        try options.stage(in: scratch)
        try RunningHost.with(options, in: scratch) { host throws in
            let miles = try host.call("convert_length", #"{"value":1,"from":"mile","to":"kilometre"}"#)
            #expect(miles.json == (["value": 1.609, "unit": "kilometre"] as JSONValue), "\(miles.text)")
            let words = try host.call("count_words", #"{"text":"one two  three"}"#)
            #expect(words.json == (["words": 3, "characters": 14] as JSONValue), "\(words.text)")
            // Under `strict` no other file of the host's user is open to it.
            let lines = try host.call("count_lines")
            #expect(lines.json == (["lines": 2] as JSONValue), "\(lines.text)")
            let roman = try host.call("to_roman", #"{"number":1994}"#)
            #expect(roman.json == (["roman": "MCMXCIV"] as JSONValue), "\(roman.text)")
            #expect(try host.call("search_products", #"{"query":"milk"}"#).status == 200)
            #expect(try host.get("/openapi.json").json?["paths"]?.object?.count == 10)
            #expect(host.stop() == .exited(0))
        }
    }
}
