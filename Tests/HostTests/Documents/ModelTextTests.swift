// What a model is told of a tool: everything, once, and never half of it.

import Testing

@testable import HostDocuments

@Suite struct ModelTextTests {
    func whole(_ summary: String, _ description: String) -> String {
        ModelText(summary: summary, description: description).whole
    }

    @Test func summaryAndDescriptionAreBothTold() {
        #expect(
            whole("Adds to the cart.", "Each call adds once more.") == "Adds to the cart.\n\nEach call adds once more.")
    }

    @Test(arguments: [
        "", " \n\t\n", "Adds to the cart.", "Adds to the cart.\n", "\n\nAdds to the cart.",
    ])
    func summaryIsSaidOnce(description: String) {
        #expect(whole("Adds to the cart.", description) == "Adds to the cart.")
    }

    @Test func descriptionThatBeginsWithTheSummaryStandsAlone() {
        let description = "Adds to the cart. Each call adds once more.\n\nNothing is reserved."
        #expect(whole("Adds to the cart.", description) == description)
        #expect(whole("Adds to the cart", "Adds to the cart: one by one.") == "Adds to the cart: one by one.")
    }

    @Test func aLongerWordIsAnotherOne() {
        #expect(whole("Adds to cart", "Adds to carton.") == "Adds to cart\n\nAdds to carton.")
        #expect(whole("Adds item 1", "Adds item 10.") == "Adds item 1\n\nAdds item 10.")
    }

    @Test func paragraphsAreWhatStandsBetweenBlankLines() {
        let text = ModelText(summary: "S.", description: "\r\none\r\ntwo\r\n \t\r\n\n\nthree\n")
        #expect(text.whole == "S.\n\none\ntwo\n\nthree")
    }

    @Test func wholeParagraphsAreTakenWhileTheyFit() {
        let text = ModelText(summary: "Sum.", description: "12345\n\n1234567890\n\n12")
        #expect(text.text(within: 27) == "Sum.\n\n12345\n\n1234567890\n\n12")
        #expect(text.text(within: 26) == "Sum.\n\n12345\n\n1234567890")
        // A later paragraph may lean on one that is left out.
        #expect(text.text(within: 22) == "Sum.\n\n12345")
        #expect(text.text(within: 10) == "Sum.")
    }

    @Test func lengthIsInCodePoints() {
        let text = ModelText(summary: "S", description: String(repeating: "e\u{301}", count: 10))
        #expect(text.text(within: 23) == text.whole)
        #expect(text.text(within: 22) == "S")
    }

    @Test func firstParagraphThatDoesNotFitLeavesTheSummary() {
        let text = ModelText(summary: "Sum.", description: "Sum. And more.\n\nEnd.")
        #expect(text.text(within: 14) == "Sum. And more.")
        #expect(text.text(within: 13) == "Sum.")
    }

    @Test func nothingIsEverCutInTheMiddle() {
        let description = "Never charges.\n\nUnless the order is placed.\n\n" + String(repeating: "x", count: 400)
        for limit in 30...500 {
            let text = ModelText(summary: "Looks at the order.", description: description).text(within: limit)
            #expect(text.unicodeScalars.count <= limit)
            let pieces = ["Looks at the order."] + description.split(separator: "\n\n").map(String.init)
            #expect((1...pieces.count).contains { pieces.prefix($0).joined(separator: "\n\n") == text })
        }
    }
}
