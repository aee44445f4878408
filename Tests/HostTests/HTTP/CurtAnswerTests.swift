// The shortest answers are whole ones: their length is what they say.

import JSON
import Testing

@testable import HostHTTP

@Suite struct CurtAnswerTests {
    @Test(arguments: [(CurtAnswer.tooMany, "connections"), (CurtAnswer.shortage, "descriptors")])
    func aCurtAnswerIsAProblemDocument(text: String, code: String) throws {
        let end = try #require(text.firstRange(of: "\r\n\r\n"))
        let (head, body) = (text[..<end.lowerBound], String(text[end.upperBound...]))
        #expect(head.hasPrefix("HTTP/1.1 503 "))
        #expect(head.contains("retry-after: 1") && head.contains("connection: close"))
        #expect(head.contains("content-length: \(body.utf8.count)"))
        let problem = try JSONValue(parsing: body)
        #expect(problem["code"]?.string == code && problem["status"] == 503)
    }
}
