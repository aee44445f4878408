// What the fields that every way to a tool has may say.

import NIOHTTP1
import Testing

@testable import HostHTTP

@Suite struct CallFieldsTests {
    @Test(arguments: [
        (["application/json"], true), (["Application/JSON ; charset=utf-8"], true), ([], false), ([""], false),
        (["application/jsonp"], false), (["text/plain"], false), (["application/json", "application/json"], false),
    ])
    func oneMediaTypeIsTaken(values: [String], isTaken: Bool) {
        let headers = HTTPHeaders(values.map { ("Content-Type", $0) })
        #expect(CallFields.isJSON(RequestFields(headers)) == isTaken)
    }

    @Test(arguments: [
        ([], true), (["identity"], true), (["Identity", "identity"], true), (["gzip"], false),
        (["identity", "br"], false),
    ])
    func bodiesAreNotCompressed(values: [String], isTaken: Bool) {
        let headers = HTTPHeaders(values.map { ("Content-Encoding", $0) })
        #expect(CallFields.isPlain(RequestFields(headers)) == isTaken)
    }

    @Test(
        arguments: [
            (nil, ""), ("a", "a"), ("\"a b\"", "a b"), ("", nil), ("\"\"", nil), ("a\"b", nil), ("a\\b", nil),
            ("a\tb", nil), ("\u{E4}", nil), ("\"", nil),
        ] as [(String?, String?)])
    func aKeyIsPrintable(field: String?, key: String?) {
        #expect(CallFields.idempotencyKey(field) == key)
    }

    @Test(arguments: [(255, true), (256, false)])
    func aKeyIsNoLongerThanItMayBe(length: Int, isTaken: Bool) {
        #expect((CallFields.idempotencyKey(String(repeating: "a", count: length)) != nil) == isTaken)
    }

    @Test(arguments: [("u-1", true), ("", false), ("a b", false), ("\u{E4}", false)])
    func aNameIsPlain(text: String, isTaken: Bool) {
        #expect(CallFields.plainText(text) == (isTaken ? text : nil))
        #expect(CallFields.plainText(nil) == nil)
    }
}
