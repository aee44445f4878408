// Form bodies: decoded exactly, every parameter once.

import Testing

@testable import HostAuth

@Suite struct FormParametersTests {
    private func parse(_ body: String) throws(FormParameters.Fault) -> FormParameters {
        try FormParameters(parsing: Array(body.utf8))
    }

    @Test func decodes() throws {
        let form = try parse("a=1&b=x+y%2Bz&c=&d&e=%C3%A4&f=a=b&&%67=7")
        #expect(form["a"] == "1")
        #expect(form["b"] == "x y+z")
        #expect(form["c"] == nil)
        #expect(form["d"] == nil)
        #expect(form["e"] == "ä")
        #expect(form["f"] == "a=b")
        #expect(form["g"] == "7")
        #expect(form["h"] == nil)
    }

    @Test(arguments: ["a=%", "a=%4", "a=%4g", "a=%zz", "%=1", "a=%FF", "a=%C3", "a=%ED%A0%80"])
    func refusesBrokenEncoding(body: String) {
        #expect(throws: FormParameters.Fault.encoding) { try parse(body) }
    }

    @Test(arguments: ["a=1&a=1", "a=1&a=", "a=&a=1", "a&a", "a=1&%61=2"])
    func refusesDuplicates(body: String) {
        #expect(throws: FormParameters.Fault.duplicate) { try parse(body) }
    }

    @Test func resourceMayRepeat() throws {
        #expect(try parse("resource=x&resource=y").all("resource") == ["x", "y"])
    }

    @Test func boundsTheirNumber() {
        let many = (0..<100).map { "p\($0)=1" }.joined(separator: "&")
        #expect(throws: FormParameters.Fault.tooMany) { try parse(many) }
    }
}
