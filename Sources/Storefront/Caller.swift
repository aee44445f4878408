// What the shop needs to know about a call.

import ToolSDK

package struct Caller: Sendable {
    /// Whose cart, payment methods and orders they are.
    package let principal: String
    package let idempotencyKey: String?
    /// How long to wait for the store's lock.
    package let patience: Duration

    package init(principal: String, idempotencyKey: String? = nil, patience: Duration = .seconds(10)) {
        self.principal = principal
        self.idempotencyKey = idempotencyKey
        self.patience = patience
    }

    /// Waits for the store until shortly before the caller gives up, so that "busy" is still heard.
    package init(_ context: CallContext) {
        self.init(
            principal: context.principal, idempotencyKey: context.idempotencyKey,
            patience: context.remaining - .milliseconds(200))
    }
}
