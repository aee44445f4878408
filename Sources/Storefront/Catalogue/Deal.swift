// A discount: what it applies to, when, and how much it takes off.

/// A deal that the shop runs. Deals do not add up: the best one for a line of the cart counts.
package struct Deal: Sendable, Hashable {
    package enum Target: Sendable, Hashable {
        case product(code: String)
        case category(String)
    }

    package enum Terms: Sendable, Hashable {
        /// 1 to 100.
        case percentOff(Int)
        /// Off each one, never more than it costs.
        case amountOff(Money)
        /// Out of every `buy + free` of one product, `free` cost nothing.
        case buy(Int, free: Int)
    }

    package let code: String
    package let title: String
    package let target: Target
    package let terms: Terms
    /// First day in force; `nil`: since ever.
    package let startsOn: String?
    /// Last day in force; `nil`: until further notice.
    package let endsOn: String?

    package init(
        code: String, title: String, target: Target, terms: Terms, startsOn: String? = nil, endsOn: String? = nil
    ) {
        self.code = code
        self.title = title
        self.target = target
        self.terms = terms
        self.startsOn = startsOn
        self.endsOn = endsOn
    }

    package func isInForce(on day: CalendarDay) -> Bool {
        if let first = startsOn.flatMap(CalendarDay.init), day < first { return false }
        if let last = endsOn.flatMap(CalendarDay.init), last < day { return false }
        return true
    }

    package func applies(to product: Product) -> Bool {
        switch target {
        case .product(let code): product.code == code
        case .category(let category): product.category == category
        }
    }

    /// What it takes off a line of the cart.
    ///
    /// A percentage is taken of the whole line and rounded once, half a cent up; see ``Money/percent(_:)``.
    package func discount(price: Money, quantity: Int) -> Money {
        switch terms {
        case .percentOff(let percent):
            return (price * quantity).percent(percent)
        case .amountOff(let amount):
            return min(amount, price) * quantity
        case .buy(let buy, let free):
            let (groups, rest) = quantity.quotientAndRemainder(dividingBy: buy + free)
            return price * (groups * free + max(0, rest - buy))
        }
    }

    /// How many to buy before the deal takes full effect.
    var groupSize: Int {
        if case .buy(let buy, let free) = terms { buy + free } else { 1 }
    }
}

extension Sequence<Deal> {
    /// The deal that takes most off a line; of two that take the same, the one with the smaller code.
    func best(for product: Product, quantity: Int) -> (deal: Deal, discount: Money)? {
        var best: (deal: Deal, discount: Money)?
        for deal in self where deal.applies(to: product) {
            let discount = deal.discount(price: product.price, quantity: quantity)
            guard discount > .zero else { continue }
            if let best, (discount, best.deal.code) < (best.discount, deal.code) { continue }
            best = (deal, discount)
        }
        return best
    }

    /// The deal to name beside a product: the one that takes most off each, once enough are bought.
    func headline(for product: Product) -> Deal? {
        filter { $0.applies(to: product) }.max { left, right in
            let (leftSize, rightSize) = (left.groupSize, right.groupSize)
            let leftShare = left.discount(price: product.price, quantity: leftSize) * rightSize
            let rightShare = right.discount(price: product.price, quantity: rightSize) * leftSize
            return (leftShare, right.code) < (rightShare, left.code)
        }
    }
}
