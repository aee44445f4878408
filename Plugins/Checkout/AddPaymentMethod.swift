// add_payment_method: remembers how the caller pays, by reference.

import Storefront
import ToolSDK

struct AddPaymentMethod: BlockingTool {
    static let name = "add_payment_method"
    static let title = "Add payment method"
    static let summary =
        "Add a payment method for the customer, so that checkout can place an order. Takes the kind of payment and, optionally, a nickname or the payment provider's reference. Never send a card number: it is refused."
    static let description = """
        Each call adds one more; checkout uses the newest. Only the kind and the references are stored. Never ask the \
        customer for a card number, a security code or a password.
        """
    static let hints: Hints = [.writes, .additive, .repeats, .closedWorld]
    static let meta: JSONObject = [
        "tags": ["checkout"],
        "openai/toolInvocation/invoking": "Adding the payment method",
        "openai/toolInvocation/invoked": "Payment method added",
    ]

    struct Input: Sendable {
        var type: PaymentMethod.Kind
        var nickname: String?
        var reference: String?
    }

    static let input = Schema<Input>.object(
        Property("type", \.type, .enumeration(), "Kind of payment"),
        Property("nickname", \.nickname, .string(length: 1...60), "What the customer calls it, such as family card"),
        Property(
            "reference", \.reference, .string(length: 1...120),
            "The payment provider's reference or token; never a card number"),
        make: { type, nickname, reference in
            // Wherever the method is kept: a card number must not even get there.
            try CardNumber.refuse(in: nickname, reference)
            return Input(type: type, nickname: nickname, reference: reference)
        })

    static let output = PaymentMethod.schema.orWords

    let methods: PaymentMethods

    func call(_ input: Input, context: CallContext) throws -> Reply<PaymentMethod> {
        .whole(
            try methods.add(input.type, nickname: input.nickname, reference: input.reference, for: Caller(context)))
    }
}
