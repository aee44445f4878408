// One text for one value: RFC 4648 and the ways around it.

import Testing

@testable import HostBase

@Suite struct Base64Tests {
    @Test(arguments: [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
        ("foobar", "Zm9vYmFy"),
    ])
    func encodesAsRFC4648Section10(plain: String, text: String) {
        #expect(Base64.url.encode(Array(plain.utf8)) == text)
        #expect(Base64.url.decode(text) == Array(plain.utf8))
        let padded = text + String(repeating: "=", count: (4 - text.count % 4) % 4)
        #expect(Base64.standard.encode(Array(plain.utf8)) == padded)
        #expect(Base64.standard.decode(padded) == Array(plain.utf8))
    }

    @Test func alphabetsDiffer() {
        let bytes: [UInt8] = [0xFB, 0xEF, 0xFF]
        #expect(Base64.url.encode(bytes) == "--__")
        #expect(Base64.standard.encode(bytes) == "++//")
        #expect(Base64.url.decode("++//") == nil)
        #expect(Base64.standard.decode("--__") == nil)
    }

    /// Padding, white space, a lone character, and trailing bits that are not zero, of which each would be a second
    /// spelling.
    @Test(arguments: [
        "Zg==", "Zm8=", "Zg=", "Z", "Zm9vY", "Zh", "Zm9", "Zg ", " Zg", "Z g", "Zg\n", "Zm9v\r\n", "Zm9v.", "Zé",
        "Zm+v",
    ])
    func refusesOtherSpellings(text: String) {
        #expect(Base64.url.decode(text) == nil)
    }

    @Test(arguments: ["Zg", "Zg=", "Zg===", "Z===", "====", "=Zg=", "Zh==", "Zm9=", "Zg==Zg=="])
    func standardDemandsExactPadding(text: String) {
        #expect(Base64.standard.decode(text) == nil)
    }

    @Test func roundTripsEveryLength() {
        for count in 0..<100 {
            let bytes = SecureRandom.bytes(count)
            #expect(Base64.url.decode(Base64.url.encode(bytes)) == bytes)
            #expect(Base64.standard.decode(Base64.standard.encode(bytes)) == bytes)
        }
    }
}
