// The sentence by which a customer confirms a cart: how many items, and what they cost.

package struct CartSummary: Sendable, Hashable {
    package let itemCount: Int
    package let total: Money

    package init(itemCount: Int, total: Money) {
        self.itemCount = itemCount
        self.total = total
    }

    /// `2 items, total $12.50`.
    package var text: String {
        "\(itemCount) \(itemCount == 1 ? "item" : "items"), total \(total.text)"
    }

    /// Reads a sentence that states one count and one total, in whatever words: `2 items, total $12.50`, `2 items
    /// $12.50`, `Total: 12.50 USD for 2 products`. One that leaves either out, or states two different ones, is `nil`:
    /// an order is not placed on a guess.
    package init?(parsing text: String) {
        let tokens = Self.tokens(text)
        var counts: Set<Int> = []
        var amounts: Set<Money> = []
        var totals: Set<Money> = []
        for (position, token) in tokens.enumerated() {
            guard case .number(let number) = token else { continue }
            let before = position > 0 ? tokens[position - 1] : nil
            let after = position + 1 < tokens.count ? tokens[position + 1] : nil
            let isMoney = before == .dollar || after == .dollar || after == .word("usd") || after == .word("dollars")
            let leading = before == .dollar && position > 1 ? tokens[position - 2] : before
            if after.map(Self.isItems) == true && before != .dollar {
                guard let count = Int(number) else { return nil }
                counts.insert(count)
            } else if isMoney || number.contains(".") || leading.map(Self.isTotal) == true {
                guard let amount = Money(decimal: number) else { return nil }
                amounts.insert(amount)
                if leading.map(Self.isTotal) == true { totals.insert(amount) }
            }
        }
        // Beside a subtotal and a discount, the total is the amount that is called so.
        let candidates = totals.isEmpty ? amounts : totals
        guard counts.count == 1, candidates.count == 1, let itemCount = counts.first, let total = candidates.first
        else { return nil }
        self.init(itemCount: itemCount, total: total)
    }

    private enum Token: Hashable {
        case number(String)
        case word(String)
        case dollar
    }

    private static func isItems(_ token: Token) -> Bool {
        guard case .word(let word) = token else { return false }
        return ["item", "items", "product", "products", "article", "articles", "unit", "units"].contains(word)
    }

    private static func isTotal(_ token: Token) -> Bool {
        token == .word("total") || token == .word("totaling") || token == .word("totalling")
    }

    /// Numbers, words and dollar signs; "is", "of" and punctuation do not count. A comma between digits groups them.
    private static func tokens(_ text: String) -> [Token] {
        let characters = Array(text.lowercased())
        var tokens: [Token] = []
        var position = 0
        func isDigit(_ index: Int) -> Bool {
            characters.indices.contains(index) && ("0"..."9").contains(characters[index])
        }
        while position < characters.count {
            let start = position
            if isDigit(position) {
                while isDigit(position) || [".", ","].contains(characters[safe: position]) && isDigit(position + 1) {
                    position += 1
                }
                tokens.append(.number(String(characters[start..<position].filter { $0 != "," })))
            } else if characters[position].isLetter {
                while position < characters.count, characters[position].isLetter { position += 1 }
                let word = String(characters[start..<position])
                if !["is", "of", "for", "the", "a"].contains(word) { tokens.append(.word(word)) }
            } else {
                if characters[position] == "$" { tokens.append(.dollar) }
                position += 1
            }
        }
        return tokens
    }
}

extension Array {
    fileprivate subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
