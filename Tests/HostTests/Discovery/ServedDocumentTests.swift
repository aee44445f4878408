// Validators and conditional requests, after RFC 9110.

import Testing

@testable import ToolHost

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
        for field in fields { #expect(document.isNotModified(ifNoneMatch: field), "\(field)") }
    }

    @Test func otherFieldsDoNot() {
        let bare = String(document.etag.dropFirst().dropLast())
        let fields: [String?] = [
            nil, "", " ", bare, "\"\(bare)", "\"other\"", "w/\(document.etag)", "W/", "broken, \(document.etag)",
            "*, \(document.etag)", "\"x\(bare)\"",
        ]
        for field in fields { #expect(!document.isNotModified(ifNoneMatch: field), "\(field ?? "none")") }
    }

    @Test func whatDependsOnTheCallerStaysOutOfSharedCaches() {
        let own = ServedDocument([], audience: .caller)
        #expect(own.cacheControl.hasPrefix("private") && own.vary == "Authorization, X-MCP-API-Key")
        #expect(document.cacheControl.hasPrefix("public") && document.vary == nil)
    }
}
