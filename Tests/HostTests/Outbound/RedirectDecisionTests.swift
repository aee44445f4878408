// Redirects: within the origin and a few, or not at all.

import Testing

@testable import HostNetwork
@testable import HostOutbound

@Suite struct RedirectDecisionTests {
    private func decide(
        _ status: Int, _ location: String?, method: String = "POST", followed: Int = 0, mayRepeat: Bool = true
    ) throws -> RedirectDecision {
        RedirectDecision(
            status: status, location: location, from: try #require(OutboundURL("http://a:3000/here")), method: method,
            followed: followed, mayRepeat: mayRepeat)
    }

    @Test(arguments: [301, 302, 307, 308])
    func theSameRequestGoesToTheNewPlace(status: Int) throws {
        let there = try #require(OutboundURL("http://a:3000/there"))
        #expect(try decide(status, "/there") == .follow(there, method: "POST", keepsBody: true))
        #expect(try decide(status, "http://a:3000/there") == .follow(there, method: "POST", keepsBody: true))
    }

    /// To a form that was posted, 302 is the usual word for "done, look there".
    @Test(arguments: [301, 302])
    func whatMustNotHappenTwiceIsNotPostedAgain(status: Int) throws {
        let there = try #require(OutboundURL("http://a:3000/there"))
        for method in ["POST", "PUT", "DELETE"] {
            #expect(try decide(status, "/there", method: method, mayRepeat: false) == .answer)
        }
        #expect(
            try decide(status, "/there", method: "GET", mayRepeat: false)
                == .follow(there, method: "GET", keepsBody: true))
        #expect(try decide(status, "http://b/", mayRepeat: false) != .answer, "elsewhere stays refused")
    }

    @Test(arguments: [307, 308])
    func aRequestThatIsSentOnIsMadeThere(status: Int) throws {
        let there = try #require(OutboundURL("http://a:3000/there"))
        #expect(
            try decide(status, "/there", mayRepeat: false) == .follow(there, method: "POST", keepsBody: true))
    }

    @Test func seeOtherIsLookedAt() throws {
        let there = try #require(OutboundURL("http://a:3000/there"))
        #expect(try decide(303, "/there") == .follow(there, method: "GET", keepsBody: false))
        #expect(try decide(303, "/there", method: "HEAD") == .follow(there, method: "HEAD", keepsBody: false))
    }

    @Test(arguments: [
        "http://b:3000/there", "https://a:3000/there", "http://a:3001/", "http://a/", "//b/there", "http://a.b:3000/",
        "http://169.254.169.254/latest", "http://a:3000@b/", "file:///etc/passwd", "relative", "",
    ])
    func elsewhereIsRefused(location: String) throws {
        guard case .refuse(let reason) = try decide(307, location) else {
            Issue.record("\(location) is followed")
            return
        }
        #expect(reason.contains("http://a:3000 redirects"))
    }

    @Test func aFewAreEnough() throws {
        #expect(try decide(307, "/there", followed: 2) != .answer)
        guard case .follow = try decide(307, "/there", followed: 2) else {
            Issue.record("the third is not followed")
            return
        }
        #expect(try decide(307, "/there", followed: 3) == .refuse("http://a:3000 redirects more than 3 times"))
    }

    @Test func otherAnswersAreAnswers() throws {
        #expect(try decide(200, "/there") == .answer)
        #expect(try decide(201, "/there") == .answer)
        #expect(try decide(304, "/there") == .answer)
        #expect(try decide(302, nil) == .answer)
    }
}
