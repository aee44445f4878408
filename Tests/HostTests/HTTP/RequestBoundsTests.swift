// Requests behind each other whose bytes are cut anywhere: right ones are taken, and a bad first line is not.

import Testing

@Suite struct RequestBoundsTests {
    private static let get = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
    private static let head = "HEAD / HTTP/1.1\r\n\r\n"
    /// Bodies that look like the end of a head, and like a head.
    private static let blank = post("{\"a\":\r\n\r\n\r\n\r\n1}")
    private static let posing = post("\r\n\r\nGET /a HTTP/1.1\r\n\r\nGET  /a HTTP/1.1\r\n\r\n")
    private static let coding = "POST /c HTTP/1.1\r\nHost: a\r\ntransfer-ENCODING:\t chunked \r\n\r\n"
    private static let chunks = coding + "2\r\n{}\r\n0\r\n\r\n"
    private static let framed =
        coding
        + "00b;e=\"a;b\"\r\n\r\n0\r\n\r\nGET \r\n19;x\r\n\r\n\r\nGET /a HTTP/1.1\r\n\r\n {\r\n000;l\r\nX: y\r\nZ:\r\n\r\n"
    private static let expecting = "POST /e HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n{}"
    /// A field that says in another way what others mean.
    private static let odd = "GET /d HTTP/1.1\r\nX-Transfer-Encoding: chunked\r\nEmpty:\r\nContent-Length:  0 \r\n\r\n"
    private static let old = "GET /o HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"

    private static func post(_ body: String) -> String {
        "POST /b HTTP/1.1\r\nContent-Length: 0\(body.utf8.count)\r\n\r\n\(body)"
    }

    private static let sequences = [
        [get, blank, get, "\r\n" + get], [posing, chunks, posing], [framed, get, framed, head], [chunks, old, blank],
        [expecting, odd, framed, odd, "\n\r\n" + expecting], [head, head, head, post(""), chunks, chunks],
    ]

    private static func pieces(_ bytes: [UInt8], _ cuts: Int...) -> [ArraySlice<UInt8>] {
        zip([0] + cuts, cuts + [bytes.count]).map { bytes[$0..<$1] }
    }

    @Test("Right requests are taken, wherever they are cut", arguments: sequences)
    func right(sequence: [String]) throws {
        let bytes = Array(sequence.joined().utf8)
        let expected = [Bool?](repeating: true, count: sequence.count)
        for cut in 0...bytes.count {
            let parser = try GuardedParser(Self.pieces(bytes, cut))
            guard parser.heads == expected else {
                Issue.record("\(cut): \(parser.heads)")
                return
            }
        }
        for size in [1, 2, 3, 5, 7, 13] {
            let pieces = stride(from: 0, to: bytes.count, by: size).map { bytes[$0..<min($0 + size, bytes.count)] }
            #expect(try GuardedParser(pieces).heads == expected, "\(size)")
        }
    }

    @Test(
        "The same with two cuts",
        arguments: [[blank, get], [chunks, get], [posing, head], [framed, head], [head, get, head]])
    func twoCuts(sequence: [String]) throws {
        let bytes = Array(sequence.joined().utf8)
        let expected = [Bool?](repeating: true, count: sequence.count)
        for first in 1..<bytes.count {
            for second in stride(from: first + 1, to: bytes.count, by: 3) {
                let parser = try GuardedParser(Self.pieces(bytes, first, second))
                guard parser.heads == expected else {
                    Issue.record("\(first), \(second): \(parser.heads)")
                    return
                }
            }
        }
    }

    @Test(
        "A bad first line is not taken, wherever it is cut", arguments: sequences,
        [
            "GET  /a HTTP/1.1\r\n\r\n", "GET /a  HTTP/1.1\r\n\r\n", "GET /a RTSP/1.0\r\n\r\n",
            "\r\r\n\r\nGET /a HTTP/1.1\r\n\r\n",
        ])
    func wrong(sequence: [String], line: String) throws {
        let bytes = Array((sequence.joined() + line).utf8)
        let expected = [Bool?](repeating: true, count: sequence.count) + [false]
        for cut in 0...bytes.count {
            let parser = try GuardedParser(Self.pieces(bytes, cut))
            guard parser.heads == expected else {
                Issue.record("\(cut): \(parser.heads)")
                return
            }
        }
        #expect(try GuardedParser(bytes.map { [$0] }).heads == expected)
    }

    @Test("Nothing is kept but a part of a head")
    func kept() throws {
        let large = "GET /a HTTP/1.1\r\nX: \(String(repeating: "a", count: 14_000))\r\n\r\n"
        let turned = Array((large.dropFirst() + "G").utf8)
        let heads = try GuardedParser([Array("G".utf8)] + Array(repeating: turned, count: 50))
        // The last one never comes whole.
        #expect(heads.heads == [Bool?](repeating: true, count: 50) + [nil])
        #expect(heads.kept == 1)
        let half = large.utf8.count / 2
        let halves = Array(large.utf8.dropFirst(half)) + Array(large.utf8.prefix(half))
        #expect(try GuardedParser([Array(large.utf8.prefix(half))] + Array(repeating: halves, count: 50)).kept == half)
        // Of bodies nothing, and of empty lines neither.
        for text in Self.sequences.map({ $0.joined() }) + [Self.get + String(repeating: "\r\n", count: 9000)] {
            #expect(try GuardedParser([text.utf8]).kept == 0)
        }
        let part = Array(Self.coding.utf8) + Array("ffffff\r\n".utf8)
        let data = Array(repeating: UInt8(ascii: "a"), count: 10_000)
        #expect(try GuardedParser([part] + Array(repeating: data, count: 50)).kept == 0)
    }

    @Test("A part of a head is known to be there, also where it came with the request before it")
    func parts() throws {
        for text in Self.sequences.map({ $0.joined() }) {
            let (whole, part) = (try GuardedParser([text.utf8]), try GuardedParser([(text + "G").utf8]))
            #expect(!whole.isMidPart)
            #expect(part.isMidPart)
        }
    }
}
