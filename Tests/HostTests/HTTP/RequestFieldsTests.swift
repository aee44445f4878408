// Fields are found whatever their case, each by its own name and by no other.

import NIOHTTP1
import Testing

@testable import HostBase
@testable import HostHTTP

extension RequestFields: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral fields: (String, String)...) {
        self.init(HTTPHeaders(fields))
    }
}

@Suite struct RequestFieldsTests {
    @Test(arguments: RequestFields.Name.allCases)
    func eachNameIsFoundInAnyCase(name: RequestFields.Name) {
        for text in [name.text, name.text.uppercased(), name.text.prefix(1).uppercased() + name.text.dropFirst()] {
            let fields = RequestFields(HTTPHeaders([("x-other", "0"), (text, "1"), (name.text, "2")]))
            #expect(fields.contains(name))
            #expect(fields.count(name) == 2)
            #expect(fields.first(name) == "1")
            #expect(fields[name] == ["1", "2"])
            for other in RequestFields.Name.allCases where other != name {
                #expect(!fields.contains(other))
                #expect(fields.first(other) == nil)
                #expect(fields[other].isEmpty)
                #expect(fields.count(other) == 0)
            }
        }
    }

    @Test func everyNameHasItsOwnBit() {
        let bits = RequestFields.Name.allCases.map(\.rawValue)
        #expect(bits.allSatisfy { $0.nonzeroBitCount == 1 })
        #expect(Set(bits).count == bits.count)
    }

    /// Names of the same length, beginnings of names, and names that begin like known ones.
    @Test(arguments: ["", "h", "hosts", "hoSq", "content-typf", "authorizatiom", "content-length-x", "\u{212A}ost"])
    func otherNamesAreNotTaken(name: String) {
        #expect(RequestFields.Name(name) == nil)
    }

    @Test(arguments: RequestFields.Name.allCases)
    func everyByteOfANameCounts(name: RequestFields.Name) {
        for index in name.text.utf8.indices {
            for byte in [UInt8(ascii: "!"), UInt8(ascii: "~"), 0, 0x80 | Array(name.text.utf8)[0]] {
                var bytes = Array(name.text.utf8)
                bytes[name.text.utf8.distance(from: name.text.utf8.startIndex, to: index)] = byte
                let other = String(decoding: bytes, as: UTF8.self)
                #expect(RequestFields.Name(other) == nil)
            }
        }
        #expect(RequestFields.Name(name.text + "-") == nil)
        #expect(RequestFields.Name(String(name.text.dropLast())) != name)
    }

    @Test func aFieldThatMayStandOnceIsCounted() {
        let fields = RequestFields(HTTPHeaders([("X-A", "0"), ("Authorization", "1"), ("authorization", "2")]))
        #expect(fields.single(.authorization).first == "1")
        #expect(fields.single(.authorization).count == 2)
        #expect(fields.single(.userToken).isEmpty)
        #expect(fields.single(.userToken).first == nil)
    }

    @Test func namesAreComparedByAsciiCaseOnly() {
        #expect(FieldName.begins("Mcp-Param-X", with: "mcp-param-"))
        #expect(!FieldName.begins("mcp-para", with: "mcp-param-"))
        // `@` and `[` stand beside the capitals.
        #expect(!FieldName.begins("@", with: "`"))
        #expect(!FieldName.begins("[", with: "{"))
    }

    @Test func whiteSpaceBehindAValueIsNoPartOfIt() {
        let fields: RequestFields = ["host": "a \t ", "accept": " ", "origin": "a b\t", "x-real-ip": "caf\u{E9} "]
        #expect(fields.first(.host) == "a")
        #expect(fields.first(.accept) == "")
        #expect(fields.first(.origin) == "a b")
        #expect(fields.first(.realIP) == "caf\u{E9}")
    }

    @Test func theTargetsAuthorityTakesThePlaceOfHost() {
        var fields: RequestFields = ["host": "a", "accept": "b"]
        fields.replaceHost(with: "c:1")
        #expect(fields[.host] == ["c:1"] && fields.first(.accept) == "b")
        var none: RequestFields = [:]
        none.replaceHost(with: "c")
        #expect(none.first(.host) == "c" && none.count(.host) == 1)
    }

    @Test func listsGoOverAllFields() {
        let fields: RequestFields = ["expect": "a, ,b", "Expect": "", "EXPECT": " c "]
        #expect(fields.list(.expect) == ["a", "b", "c"])
        #expect(fields.list(.accept).isEmpty)
    }
}
