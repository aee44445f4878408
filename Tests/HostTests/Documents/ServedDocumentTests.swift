// Validators and conditional requests, after RFC 9110.

import NIOHTTP1
import Testing

@testable import HostDocuments
@testable import HostHTTP
@testable import HostService

@Suite struct ServedDocumentTests {
    let document = ServedDocument(Array("{}".utf8))

    @Test func fingerprintIsThePublishedFunction() {
        // FNV-1a of 128 bits: the offset basis, and the published value for "foobar".
        #expect(ServedDocument.fingerprint([]) == "6c62272e07bb014262b821756295c58d")
        #expect(ServedDocument.fingerprint(Array("foobar".utf8)) == "343e1662793c64bf6f0d3597ba446f18")
    }

    @Test func etagIsStrongAndFollowsTheBytes() {
        #expect(document.etag.hasPrefix("\"") && document.etag.hasSuffix("\"") && document.etag.count == 34)
        #expect(document.etag == ServedDocument(Array("{}".utf8)).etag)
        #expect(document.etag != ServedDocument(Array("{ }".utf8)).etag)
    }

    @Test func matchingFieldsSaveTheTransfer() {
        let tag = document.etag
        let fields = [
            tag, "W/" + tag, "*", " * ", "\"other\", \(tag)", "\"a,b\",\(tag)", ",, \(tag) ,", "\(tag), broken",
            "\"\",W/\"x\"\t,\t\(tag)",
        ]
        for field in fields { #expect(document.match(ifNoneMatch: field, preferred: tag) == tag, "\(field)") }
    }

    @Test func otherFieldsDoNot() {
        let bare = String(document.etag.dropFirst().dropLast())
        let fields: [String?] = [
            nil, "", " ", bare, "\"\(bare)", "\"other\"", "w/\(document.etag)", "W/", "broken, \(document.etag)",
            "*, \(document.etag)", "\"x\(bare)\"",
        ]
        for field in fields {
            #expect(document.match(ifNoneMatch: field, preferred: document.etag) == nil, "\(field ?? "none")")
        }
    }

    @Test func whatDependsOnTheCallerStaysOutOfSharedCaches() {
        let own = ServedDocument([], audience: .caller)
        #expect(own.cacheControl.hasPrefix("private") && own.vary == "Accept-Encoding, Authorization, X-MCP-API-Key")
        #expect(document.cacheControl.hasPrefix("public") && document.vary == "Accept-Encoding")
    }

    @Test func onlyWhatGetsShorterIsCompressed() throws {
        let long = ServedDocument(Array(String(repeating: "{\"a\": 1},", count: 100).utf8))
        let compressed = try #require(long.compressed)
        #expect(compressed.prefix(3) == [0x1F, 0x8B, 8] && compressed.count < long.bytes.count)
        // No time in its head: the same document is the same bytes everywhere.
        #expect(Array(compressed[4..<8]) == [0, 0, 0, 0])
        #expect(long.compressed == compressed)
        #expect(document.compressed == nil)
        #expect(ServedDocument([]).compressed == nil)
    }

    @Test func onlyTheFirstCompressionOfALongDocumentIsSlow() throws {
        func document(_ count: Int) -> ServedDocument {
            ServedDocument(String(repeating: "a", count: count), mediaType: "text/plain")
        }
        func request(_ encodings: String?) -> Request {
            let headers = HTTPHeaders(encodings.map { [("accept-encoding", $0)] } ?? [])
            return Request(
                method: .GET, path: "/", query: nil, headers: headers, fields: RequestFields(headers), id: "1")
        }
        let (short, long) = (document(ServedDocument.quicklyCompressed), document(ServedDocument.quicklyCompressed + 1))
        #expect(!short.isSlow(for: request("gzip")))
        #expect(!long.isSlow(for: request(nil)) && !long.isSlow(for: request("gzip;q=0")))
        #expect(long.isSlow(for: request("gzip")) && long.isSlow(for: request("identity;q=0")))
        #expect(long.response(to: request("gzip")).headers.contains { $0 == ("content-encoding", "gzip") })
        #expect(!long.isSlow(for: request("gzip")))
        let once = ServedDocument(String(repeating: "a", count: 100_000), mediaType: "text/plain", isKept: false)
        #expect(!once.isSlow(for: request("gzip")))
    }

    @Test func whatIsMadeForOneRequestIsNotCompressed() {
        let once = ServedDocument(String(repeating: "a", count: 1000), mediaType: "text/plain", isKept: false)
        #expect(once.compressed == nil && once.vary == nil)
        #expect(once.match(ifNoneMatch: once.compressedETag, preferred: once.etag) == nil)
    }

    @Test func eachFormHasItsValidator() {
        let (plain, compressed) = (document.etag, document.compressedETag)
        #expect(compressed != plain && compressed.hasPrefix("\"") && compressed.hasSuffix("-gzip\""))
        #expect(document.match(ifNoneMatch: compressed, preferred: plain) == compressed)
        #expect(document.match(ifNoneMatch: plain, preferred: compressed) == plain)
        #expect(document.match(ifNoneMatch: "\(plain), \(compressed)", preferred: compressed) == compressed)
        #expect(document.match(ifNoneMatch: "\(compressed), W/\(plain)", preferred: plain) == plain)
        #expect(document.match(ifNoneMatch: "*", preferred: compressed) == compressed)
    }
}
