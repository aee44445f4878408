// Formats are asserted when the host asks for it, and only then.

import Testing

@testable import JSONSchema

@Suite struct FormatTests {
    @Test(
        arguments: [
            (.dateTime, "2026-02-28T23:59:60Z", true), (.dateTime, "2026-02-29T00:00:00Z", false),
            (.dateTime, "2024-02-29t00:00:00.123+01:30", true), (.dateTime, "2026-01-01 00:00:00Z", false),
            (.date, "2000-02-29", true), (.date, "1900-02-29", false), (.date, "2026-13-01", false),
            (.time, "24:00:00Z", false), (.time, "12:00:00", false), (.time, "01:29:60+01:30", true),
            (.duration, "P1Y2M3DT4H5M6S", true), (.duration, "P1Y3D", false), (.duration, "PT", false),
            (.duration, "P2W", true), (.duration, "P1W2D", false), (.email, "a.b+c@example.org", true),
            (.email, "a..b@example.org", false), (.email, "\"a b\"@[127.0.0.1]", true),
            (.email, "é@example.org", false),
            (.idnEmail, "é@bücher.example", true), (.hostname, "a-b.example", true), (.hostname, "-a", false),
            (.hostname, "a..b", false), (.ipv4, "192.0.2.1", true), (.ipv4, "192.0.02.1", false),
            (.ipv4, "256.0.0.1", false),
            (.ipv6, "::", true), (.ipv6, "2001:db8::1", true), (.ipv6, "1:2:3:4:5:6:7", false),
            (.ipv6, "::192.0.2.1", true),
            (.ipv6, "1::2::3", false), (.uri, "https://u@example.org:80/a?b#c", true), (.uri, "/a", false),
            (.uri, "http://a b", false), (.uriReference, "../a%20b", true), (.uriReference, "a%2", false),
            (.iri, "https://bücher.example/", true), (.uriTemplate, "/a/{id}{?q*,n:3}", true),
            (.uriTemplate, "/{a", false),
            (.uuid, "123E4567-e89b-12d3-a456-426614174000", true), (.uuid, "123e4567e89b12d3a456426614174000", false),
            (.jsonPointer, "/a~0~1", true), (.jsonPointer, "/~2", false), (.relativeJSONPointer, "1/a", true),
            (.relativeJSONPointer, "01", false), (.relativeJSONPointer, "0#", true), (.regex, "^a|b$", true),
            (.regex, "(", false),
        ] as [(Format, String, Bool)])
    func accepts(format: Format, text: String, expected: Bool) {
        #expect(format.accepts(Array(text.utf8)[...]) == expected)
    }

    @Test func assertsOnlyWhenAsked() throws {
        let document = try JSONDocument(parsing: "\"never\"")
        #expect(try CompiledSchema(["format": "date"]).isValid(document))
        let strict = try CompiledSchema(["format": "date"], options: SchemaOptions(assertsFormats: true))
        #expect(strict.validate(document).first?.message == "expected a date like 2026-01-31, found \"never\"")
        let unknown = try CompiledSchema(["format": "zip"], options: SchemaOptions(assertsFormats: true))
        #expect(unknown.isValid(document))
    }
}
