// Answers of agents in all their forms: what is typed is kept to the digit, what is prose stays prose.

import JSON
import Testing
import ToolSDK

@testable import Storefront

struct AgentAnswerTests {
    private static let order = AgentAnswer(output: Order.schema.orWords("Order").jsonSchema(for: .output))
    private static let payment = AgentAnswer(
        output: PaymentMethod.schema.orWords("AddedPaymentMethod").jsonSchema(for: .output))
    private static let prose = "I found 5 milk products; the cheapest is $3.49."

    private func parts(_ json: JSONValue, of answer: AgentAnswer = order) throws -> JSONObject {
        try answer.read(json.bytes())
    }

    /// An answer that lacks what the tool's own answers have has words, if only those.
    private func quoted(_ members: JSONObject) -> JSONObject {
        var answer = members
        answer["text"] = .string(JSONValue.object(members).description)
        return answer
    }

    private static let price: JSONValue = ["minorUnits": 1250, "currency": "USD", "text": "$12.50"]

    @Test func typedMembersAreTakenAsTheyAre() throws {
        let found = try parts(["total": Self.price, "orderId": "A-1", "itemCount": 2])
        #expect(found == quoted(["orderId": "A-1", "itemCount": 2, "total": Self.price]))
        #expect(found.keys == ["orderId", "itemCount", "total", "text"], "in the order of the schema")
    }

    @Test(arguments: ["result", "data", "response", "output", "message", "answer"])
    func typedMembersAreFoundInsideWrappers(wrapper: String) throws {
        let inner: JSONValue = .object([wrapper: ["orderId": "A-1", "itemCount": 2]])
        #expect(try parts(inner) == quoted(["orderId": "A-1", "itemCount": 2]))
        #expect(try parts(["success": true, "result": inner]) == quoted(["orderId": "A-1", "itemCount": 2]))
    }

    @Test(arguments: AgentWords.names)
    func proseIsFoundUnderManyNames(name: String) throws {
        #expect(try parts(.object([name: .string(Self.prose)])) == ["text": .string(Self.prose)])
        #expect(try parts(["result": .object([name: .string(Self.prose)])]) == ["text": .string(Self.prose)])
    }

    @Test(
        arguments: [
            .string(prose),
            ["messages": [["role": "user", "content": "Milk?"], ["role": "assistant", "content": .string(prose)]]],
            ["messages": [["type": "ai", "content": .string(prose)], ["type": "human", "content": "Thanks"]]],
            ["content": [["type": "text", "text": "I found 5 milk products; "], ["text": "the cheapest is $3.49."]]],
            ["output": ["message": ["content": .string(prose)]]],
        ] as [JSONValue])
    func proseOfModelsAndFrameworks(answer: JSONValue) throws {
        #expect(try parts(answer) == ["text": .string(Self.prose)])
    }

    @Test func proseStandsBesideTypedMembers() throws {
        let found = try parts(["orderId": "A-1", "response": .string(Self.prose)])
        #expect(found == ["orderId": "A-1", "text": .string(Self.prose)])
    }

    /// A price without a currency, a count below one, a word for a number: none is turned into something that fits.
    @Test func whatDoesNotFitIsQuotedAndNeverConverted() throws {
        let found = try parts(["orderId": "A-1", "total": 12.5, "itemCount": "2", "subtotal": ["minorUnits": 1250]])
        #expect(found["orderId"] == "A-1")
        #expect(found.count == 2)
        let quoted = try JSONValue(parsing: #require(found["text"]?.string))
        #expect(quoted == ["itemCount": "2", "subtotal": ["minorUnits": 1250], "total": 12.5])
    }

    @Test func boundsOfTheSchemaCount() throws {
        let found = try parts(["orderId": "A-1", "itemCount": 0])
        #expect(found["itemCount"] == nil)
        #expect(found["text"]?.string == #"{"itemCount":0}"#)
    }

    @Test func whatDoesNotFitFollowsTheProse() throws {
        let found = try parts(["response": .string(Self.prose), "total": 12.5])
        #expect(found == ["text": .string(Self.prose + "\n\n" + #"{"total":12.5}"#)])
    }

    @Test func anAnswerOfAnotherShapeIsQuotedWhole() throws {
        #expect(try parts(["sum": 3]) == ["text": #"{"sum":3}"#])
        #expect(try parts([["code": "A"]]) == ["text": #"[{"code":"A"}]"#])
    }

    @Test func nullIsNothing() throws {
        #expect(try parts(["orderId": "A-1", "total": nil, "response": nil]) == quoted(["orderId": "A-1"]))
    }

    @Test func membersThatTheToolDoesNotDeclareAreLeftOut() throws {
        var line: JSONObject = ["productCode": "milk-001", "name": "Milk", "quantity": 2, "cost": 3]
        for name in ["unitPrice", "discount", "total"] { line[name] = Self.price }
        let found = try parts(["orderId": "A-1", "margin": 7, "items": [.object(line)]])
        line["cost"] = nil
        #expect(found == quoted(["orderId": "A-1", "items": [.object(line)]]))
    }

    @Test func digitsAreKept() throws {
        let body = #"{"orderId":"A-1","total":{"minorUnits":9007199254740993,"currency":"USD","text":"much"}}"#
        let found = try Self.order.read(Array(body.utf8))
        #expect(found["total"]?["minorUnits"]?.int64 == 9_007_199_254_740_993)
    }

    /// A run's id beside a sentence is not the id of a payment method.
    @Test func namesThatWrappersUseAreNotBelievedAlone() throws {
        let answer: JSONValue = ["id": "run-7", "response": "Added your PayPal account."]
        #expect(try parts(answer, of: Self.payment) == ["text": "Added your PayPal account."])
        let typed: JSONValue = ["id": "pm-1", "type": "paypal"]
        #expect(try parts(typed, of: Self.payment) == typed.object)
        #expect(try parts(["id": "run-7", "result": typed], of: Self.payment) == typed.object)
    }

    /// The type of a model's message is not one of a payment method, and nothing that a customer should read.
    @Test func whatWrappersSayOfThemselvesIsNotQuoted() throws {
        let message: JSONValue = ["type": "message", "id": "msg_7", "role": "assistant", "content": "Added PayPal."]
        #expect(try parts(message, of: Self.payment) == ["text": "Added PayPal."])
        #expect(try parts(["result": message], of: Self.payment) == ["text": "Added PayPal."])
        let bare = try parts(["type": "message"], of: Self.payment)
        #expect(bare == ["text": #"{"type":"message"}"#], "there is no more")
        let odd: JSONValue = ["id": "pm-1", "type": "barter", "nickname": "Eggs"]
        #expect(try parts(odd, of: Self.payment) == ["id": "pm-1", "nickname": "Eggs", "text": #"{"type":"barter"}"#])
    }

    @Test(
        arguments: [
            ["success": false, "error": "Sold out."], ["ok": false, "message": "Sold out."],
            ["status": "error", "message": "Sold out."], ["error": ["message": "Sold out.", "code": 7]],
            ["result": ["success": false, "error": "Sold out."]],
            ["success": false, "error": "Sold out.", "orderId": "A-1"],
        ] as [JSONValue])
    func aFailureInAGoodStatusIsAFailure(answer: JSONValue) {
        #expect(throws: AgentAnswer.Refusal.failed("Sold out.")) { try parts(answer) }
    }

    @Test func anErrorThatIsNoneIsIgnored() throws {
        for none in [nil, "", false] as [JSONValue] {
            #expect(try parts(["orderId": "A-1", "error": none, "success": true]) == quoted(["orderId": "A-1"]))
        }
    }

    @Test(arguments: ["{}", "[]", "null", #""  ""#])
    func silenceIsNotAnAnswer(body: String) {
        #expect(throws: AgentAnswer.Refusal.nothingSaid) { try Self.order.read(Array(body.utf8)) }
    }

    @Test(arguments: ["", "<!doctype html>", #"{"response": "unfinished"#, #"{"a":1,"a":2}"#, "\u{FEFF}{}", "{} {}"])
    func whatIsNotStrictJSONIsRefused(body: String) {
        #expect(throws: AgentAnswer.Refusal.notJSON) { try Self.order.read(Array(body.utf8)) }
    }

    /// Wrappers in wrappers end somewhere.
    @Test func deepAnswersAreQuoted() throws {
        var answer: JSONValue = ["orderId": "A-1"]
        for _ in 0..<40 { answer = ["result": answer] }
        #expect(try parts(answer)["orderId"] == nil)
        #expect(try parts(answer)["text"]?.string == answer.description)
    }
}
