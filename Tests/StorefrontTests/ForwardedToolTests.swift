// A tool whose work an agent does: what is sent, what is answered, what is logged.

import JSON
import JSONSchema
import Storefront
import Synchronization
import Testing
import ToolSDK

@testable import Storefront

/// Shaped like the packs' own tools.
private struct OrderTool: BlockingTool {
    static let name = "order"
    static let title = "Order"
    static let summary = "Orders."
    static let hints: Hints = [.writes, .destructive, .repeats, .closedWorld]

    struct Input: Sendable {
        var code: String
        var quantity: Int
        var note: String?
    }

    static let input = Schema<Input>.object(
        Property("code", \.code, .string(), "Code"),
        Property("quantity", \.quantity, .integer(1...9), default: 1, "How many"),
        Property("note", \.note, .string(), "Note"),
        make: Input.init)
    static let output = Order.schema.orWords("Order")

    func call(_ input: Input, context: CallContext) -> Reply<Order> { .parts(["text": "from the store"]) }
}

struct ForwardedToolTests {
    private func host(_ status: Int = 200, _ body: String) -> TestHost {
        TestHost { _ in HTTPResponse(status: status, body: Array(body.utf8)) }
    }

    private func tool(_ url: String = "http://agents.test:3000/shop/") throws -> ForwardedTool<OrderTool> {
        ForwardedTool(.checkOut, of: try AgentsAPI(url: url))
    }

    @Test func sendsTheActionTheConversationAndTheArguments() async throws {
        let host = host(200, #"{"orderId":"A-1"}"#)
        let context = CallContext.testing(
            principal: "ada", conversationID: "c-9", idempotencyKey: "k-1", host: host)
        let answer = try await tool().answer(["code": "milk-001", "quantity": 2], context: context)
        #expect(answer == ["orderId": "A-1", "text": #"{"orderId":"A-1"}"#])
        let request = try #require(host.requests.first)
        #expect(host.requests.count == 1)
        #expect(request.method == .post)
        #expect(request.url == "http://agents.test:3000/shop/api/mcp/agents/cart")
        let sent = try JSONValue(parsing: request.body)
        #expect(sent == ["action": "checkout", "threadId": "c-9", "code": "milk-001", "quantity": 2])
        let names = request.headers.map { $0.name.lowercased() }
        #expect(Set(names) == ["content-type", "accept"], "credentials and keys are the host's")
        #expect(!String(decoding: request.body, as: UTF8.self).contains("ada"))
    }

    @Test func defaultsAreSentAndWhatIsMissingIsNot() async throws {
        let host = host(200, #"{"response":"Done."}"#)
        let answer = try await tool().answer(["code": "milk-001"], context: .testing(host: host))
        #expect(answer == ["text": "Done."])
        let sent = try JSONValue(parsing: #require(host.requests.first).body)
        #expect(sent == ["action": "checkout", "code": "milk-001", "quantity": 1])
    }

    @Test func argumentsCannotChangeTheAction() throws {
        let api = try AgentsAPI(url: "https://agents.test")
        let request = api.request(.viewCart, ["action": "checkout", "threadId": "x", "a": 1], conversation: nil)
        #expect(try JSONValue(parsing: request.body) == ["action": "view", "threadId": "x", "a": 1])
        let other = api.request(.viewCart, ["threadId": "x"], conversation: "c")
        #expect(try JSONValue(parsing: other.body)["threadId"] == "c")
    }

    @Test func problemsAreLoggedWithoutWhatWasSaid() async throws {
        let host = host(401, #"{"error":"who is this"}"#)
        let error = await #expect(throws: ToolError.self) {
            try await tool().answer(["code": "milk-001"], context: .testing(host: host))
        }
        #expect(error?.kind == .unavailable)
        let line = try #require(host.lines.first)
        #expect(line.level == .error)
        #expect(line.metadata == ["agent": "cart", "action": "checkout", "status": "401"])
        #expect(host.requests.count == 1, "repeating is the host's to decide")
    }

    @Test func aLostAnswerToAnOrderIsToldAsOpen() async throws {
        let host = TestHost { _ in throw ToolError.unavailable("The service broke off.", retryAfter: .seconds(2)) }
        let error = await #expect(throws: ToolError.self) {
            try await tool().answer(["code": "milk-001"], context: .testing(host: host))
        }
        #expect(error?.message.contains("Whether it was done is not known") == true)
        #expect(error?.message.contains("Idempotency-Key") == false && error?.retryAfter == nil)
        let keyed = await #expect(throws: ToolError.self) {
            try await tool().answer(["code": "milk-001"], context: .testing(idempotencyKey: "k", host: host))
        }
        #expect(keyed?.message.contains("look before asking again, and then with the same Idempotency-Key") == true)
    }

    @Test func cancellationStaysCancellation() async throws {
        let host = TestHost { _ in throw CancellationError() }
        let error = await #expect(throws: ToolError.self) {
            try await tool().answer(["code": "milk-001"], context: .testing(host: host))
        }
        #expect(error?.kind == .cancelled)
    }

    @Test(arguments: [
        "agents.test", "ftp://agents.test", "http://", "http:///path", "https://user:secret@agents.test",
        "http://agents.test/?a", "http://agents.test/#a", "http://agents test", "http://ägents.test", "",
    ])
    func urlsThatAreNone(url: String) throws {
        let error = #expect(throws: ToolError.self) { try AgentsAPI(url: url) }
        #expect(error?.message.contains("secret") == false)
    }

    @Test func slashesAtTheEndDoNotCount() throws {
        for url in ["http://a:1", "http://a:1/", "http://a:1//"] {
            #expect(try AgentsAPI(url: url).health == "http://a:1/health")
        }
        #expect(try AgentsAPI(url: "HTTPS://A/x/").health == "HTTPS://A/x/health")
    }
}

struct ReplyTests {
    private let schema = PaymentMethod.schema.orWords("AddedPaymentMethod")

    @Test func aWholeAnswerLooksAsBefore() throws {
        let method = PaymentMethod(id: "PAY-1", kind: .paypal, nickname: "mine", reference: nil)
        #expect(schema.encode(.whole(method)) == PaymentMethod.schema.encode(method))
    }

    @Test func theWholeRequiresWhatTheStoreAlwaysAnswersAndWordsStandForThemselves() throws {
        let rendered = schema.jsonSchema(for: .output)
        #expect(rendered["type"] == "object")
        #expect(rendered["anyOf"] == [["$ref": "#/$defs/AddedPaymentMethod"], ["$ref": "#/$defs/InWords"]])
        let (whole, words) = (rendered["$defs"]?["AddedPaymentMethod"], rendered["$defs"]?["InWords"])
        #expect(whole?["required"] == ["id", "type"])
        #expect(whole?["properties"]?["text"]?["type"] == "string")
        #expect(words?["required"] == ["text"])
        #expect(rendered["$defs"]?.object?.keys == ["AddedPaymentMethod", "InWords"], "and none that is not used")
        let check = try CompiledSchema(rendered)
        for (answer, isValid) in [
            (#"{"id":"PAY-1","type":"paypal"}"#, true), (#"{"id":"PAY-1","type":"paypal","text":"Added."}"#, true),
            (#"{"text":"Added."}"#, true), (#"{"id":"PAY-1","text":"Added."}"#, true), (#"{"id":"PAY-1"}"#, false),
            (#"{}"#, false), (#"{"id":"PAY-1","type":"barter"}"#, false),
        ] { #expect(check.accepts(Array(answer.utf8)) == isValid, "\(answer)") }
    }

    /// What a call usually answers is checked without a closer look.
    @Test func theWholeIsRecognized() throws {
        let check = try CompiledSchema(Order.schema.orWords("Order").jsonSchema(for: .output))
        let order = Order(id: "ORD-1", cart: .example, payment: .example)
        let bytes = Order.schema.encode(order)
        let isRecognized = check.recognizes(bytes.span)
        #expect(isRecognized)
    }

    @Test func partsGoThroughUnchanged() throws {
        let parts: JSONObject = ["id": "x", "text": "Added."]
        let reply = try schema.decode(.object(parts))
        #expect(reply.whole == nil)
        #expect(try JSONValue(parsing: schema.encode(reply)) == .object(parts))
    }
}
