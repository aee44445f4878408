// Payment methods are kept by reference; a card number gets nowhere.

import Foundation
import Testing
import ToolSDK

@testable import Storefront

struct PaymentMethodTests {
    @Test func theNewestIsUsed() throws {
        let shop = try Shop()
        try shop.fillCart(of: ada)
        let newest = try shop.methods.add(.paypal, nickname: "mine", reference: "ba_7Qx", for: ada).whole
        #expect(try shop.orders.place(confirming: "2 items, total $12.50", for: ada).whole?.payment == newest)
    }

    @Test(arguments: [
        "4111111111111111", "4111 1111 1111 1111", "card 4111-1111-1111-1111 please", "4.1.1.1.1111 1111 1111",
        "378282246310005", "6011 0009 9013 9424", "30569309025904", "١٢ ٤١١١١١١١١١١١١١١١", "４１１１１１１１１１１１１１１１",
        "ref 99 4111111111111111", "4222222222222", "4111111111111111 12/29 123", "41111111111111111229123",
        "9941111111111111111", "5555\u{A0}5555\u{A0}5555\u{A0}4444", "④①①①①①①①①①①①①①①①", "⁴¹¹¹¹¹¹¹¹¹¹¹¹¹¹¹",
        "四一一一一一一一一一一一一一一一", "4️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣", "0000 4111111111111111", "6304000000000000",
        "4000000000000000006", "004111111111111111123", "1234567890123454111111111111111",
    ])
    func cardNumbersAreRefused(text: String) throws {
        #expect(CardNumber.isContained(in: text))
        let shop = try Shop()
        for (nickname, reference, key) in [(text, nil, nil), (nil, text, nil), (nil, nil, text)]
            as [(String?, String?, String?)]
        {
            let caller = Caller(principal: "ada", idempotencyKey: key)
            let error = refusal {
                try shop.methods.add(.creditCard, nickname: nickname, reference: reference, for: caller)
            }
            #expect(error?.kind == .invalid)
            #expect(error?.message.contains(text) == false)
        }
        #expect(try shop.count("payment_method") == 0)
        #expect(try shop.count("answer") == 0)
    }

    @Test(arguments: [
        "family card", "ends in 4242", "tok_1NqZ2eLkdIwHu7ix", "411111111112", "+1 555 0100", "2026-03-31", "",
        "12345678901", String(repeating: "0", count: 119), "0000 0000 0000 0000", "000000000000",
        String(repeating: "8", count: 12), "8888-8888-8888", String(repeating: "5", count: 119),
        String(repeating: "1234567890", count: 12), "1000000000000000", "0004111111111111", "0000-0000-0000-1111",
        "½½½½½½½½½½½½½½½½", "2026-03-31T14:30:15Z",
    ])
    func otherTextIsTaken(text: String) {
        #expect(!CardNumber.isContained(in: text))
    }

    @Test func aRepeatedRequestAddsOne() throws {
        let shop = try Shop()
        let first = try shop.methods.add(.debitCard, nickname: "a", reference: nil, for: ada.with(key: "k"))
        #expect(try shop.methods.add(.debitCard, nickname: "a", reference: nil, for: ada.with(key: "k")) == first)
        let other = refusal { try shop.methods.add(.debitCard, nickname: nil, reference: "a", for: ada.with(key: "k")) }
        #expect(other?.kind == .invalid)
        #expect(try shop.count("payment_method") == 1)
    }

    @Test func idsAreLongRandomAndReadable() {
        let ids = (0..<1000).map { _ in RandomID.make("ORD") }
        #expect(Set(ids).count == 1000)
        #expect(ids.allSatisfy { $0.wholeMatch(of: /ORD(-[0-9A-HJKMNP-TV-Z]{4}){3}/) != nil })
    }
}
