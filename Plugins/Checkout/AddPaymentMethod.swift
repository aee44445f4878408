// add_payment_method: remembers how the caller pays, by reference.

import JSON
import Storefront
import ToolSDK

struct AddPaymentMethod: BlockingTool {
    static let name = "add_payment_method"
    static let title = "Add payment method"
    static let summary = """
        Remember how the customer wants to pay, which checkout needs before it can place an order. Takes a kind of \
        payment, and no card number. Charges nothing.
        """
    static let description = """
        Ask the customer how they want to pay. Each call adds one more payment method; checkout uses the one added \
        last.

        Never ask the customer for a card number, a security code or a password, and never send one: what looks like a \
        card number is refused, in whichever argument. Only the kind, the nickname and the payment provider's reference \
        are kept; leave out what the customer does not mention. After a timeout it may be called again: checkout uses \
        the one added last, and a second one does no harm.
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
        Property("type", \.type, .enumeration(), "How the customer wants to pay"),
        Property("nickname", \.nickname, .string(length: 1...60), "What the customer calls it; never a card number"),
        Property(
            "reference", \.reference, .string(length: 1...120),
            "The payment provider's reference or token; never a card number"),
        make: { type, nickname, reference in
            // Wherever the method is kept: a card number must not even get there.
            try CardNumber.refuse(in: nickname, reference)
            return Input(type: type, nickname: nickname, reference: reference)
        }
    )
    .examples(Input(type: .creditCard, nickname: "family card"))

    static let output = PaymentMethod.schema.orWords("AddedPaymentMethod")

    let methods: PaymentMethods

    func call(_ input: Input, context: CallContext) throws -> Reply<PaymentMethod> {
        try methods.add(input.type, nickname: input.nickname, reference: input.reference, for: Caller(context))
    }
}
