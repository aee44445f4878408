// Heads of requests and responses come out as they went in, and nothing else comes out at all.

import Testing

@testable import HostLanes

@Suite struct RequestHeadTests {
    private static let request = RequestHead(
        method: "POST", url: "http://a:1/ü?x", fields: [("A", "1"), ("b", ""), ("A", "ö")], call: .max, timeout: .max,
        limit: 7)
    private static let response = ResponseHead(
        status: -7, flags: 1, httpStatus: 0, retryAfter: 1000, message: "späte", fields: [("A", "1"), ("b", "")])

    @Test func requestsComeOutAsTheyWentIn() throws {
        for head in [Self.request, RequestHead(method: "", url: "")] {
            let same = try #require(RequestHead(head.bytes))
            #expect((same.method, same.url) == (head.method, head.url))
            #expect((same.call, same.timeout, same.limit) == (head.call, head.timeout, head.limit))
            #expect(same.fields.map(\.name) == head.fields.map(\.name))
            #expect(same.fields.map(\.value) == head.fields.map(\.value))
        }
    }

    @Test func responsesComeOutAsTheyWentIn() throws {
        for head in [Self.response, ResponseHead(status: 0, httpStatus: 200)] {
            let same = try #require(ResponseHead(head.bytes))
            #expect((same.status, same.flags, same.message) == (head.status, head.flags, head.message))
            #expect((same.httpStatus, same.retryAfter) == (head.httpStatus, head.retryAfter))
            #expect(same.fields.map(\.name) == head.fields.map(\.name))
            #expect(same.fields.map(\.value) == head.fields.map(\.value))
        }
    }

    @Test func theLargestRequestGoesThrough() {
        var fields = (1..<RequestHead.mostFields).map { _ in (name: "n", value: "") }
        let left = RequestHead.longestFields - fields.count - 1
        fields.append(("m", String(repeating: "x", count: left)))
        var head = RequestHead(
            method: String(repeating: "M", count: RequestHead.longestMethod),
            url: String(repeating: "u", count: RequestHead.longestURL), fields: fields, call: .max, timeout: .max,
            limit: .max)
        #expect(head.bytes.count <= RequestHead.longest && RequestHead(head.bytes) != nil)
        head.fields[0].value = "y"
        #expect(RequestHead(head.bytes) == nil)
    }

    private static func texts(_ texts: [String]) -> [UInt8] { TextFrame.bytes(texts.map { Array($0.utf8) }) }

    @Test(arguments: [
        [], [0], [1, 0, 0, 0], [255, 255, 255, 255], [0, 0, 0, 0], texts(["GET", "u", "0", "0"]),
        texts(["GET", "u", "0", "0", "0", "name"]), texts(["GET", "u", "-1", "0", "0"]),
        texts(["GET", "u", "0", "4294967296", "0"]), texts(["GET", "u", "0", "0", "18446744073709551616"]),
        texts(["GET", "u", "", "0", "0"]), texts([String(repeating: "G", count: 33), "u", "0", "0", "0"]),
        texts(["GET", String(repeating: "u", count: 8193), "0", "0", "0"]),
        texts(["GET", "u", "0", "0", "0"] + Array(repeating: "", count: 2002)),
        TextFrame.bytes([[0xFF], [], [0x30], [0x30], [0x30]]),
        texts(["GET", "u", "0", "0", "0", "n", String(repeating: "v", count: 65536)]),
    ])
    func nothingElseIsARequest(bytes: [UInt8]) {
        #expect(RequestHead(bytes) == nil)
    }

    @Test(arguments: [
        [], [9, 0, 0, 0, 1], texts(["0", "0", "0", "0"]), texts(["0", "0", "0", "0", "", "name"]),
        texts(["2147483648", "0", "0", "0", ""]), texts(["0", "-1", "0", "0", ""]),
        TextFrame.bytes([[0x30], [0x30], [0x30], [0x30], [0xC3]]),
    ])
    func nothingElseIsAResponse(bytes: [UInt8]) {
        #expect(ResponseHead(bytes) == nil)
    }

    /// Whatever comes, there is an end.
    @Test func anyBytesAreRead() {
        var random = SystemRandomNumberGenerator()
        let heads = [Self.request.bytes, Self.response.bytes]
        for round in 0..<20_000 {
            var bytes = heads[round % 2]
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0 ... .max, using: &random)
            }
            bytes.removeLast(Int.random(in: 0...bytes.count / 4, using: &random))
            _ = RequestHead(bytes)
            _ = ResponseHead(bytes)
        }
    }
}
