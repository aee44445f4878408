// Finds products by words, fast enough to answer where the network is read.

import Synchronization

/// An inverted index over name, category, description and code. Immutable, but for the scratch memory of a query.
///
/// Every word of a query is looked up in one sorted list of words: itself, its singular, and all it begins. A product
/// has to match each word of the query; when none does, those count that match most of them. Ranks go by where a word
/// stands (the noun of the name, the name, the code, the category, the description), how rare it is, and whether it
/// matched whole.
package final class SearchIndex: Sendable {
    /// Sorted by code; a document is a position in it.
    package let products: [Product]
    package let categories: [String]

    private let words: SearchVocabulary
    /// The postings of word `i` are `postings[starts[i]..<starts[i + 1]]`.
    private let starts: [Int32]
    private let postings: [Posting]
    private let categoryOf: [Int16]
    private let scratch: Mutex<Scratch>

    private struct Posting {
        let document: Int32
        /// What the word is worth there, times how rare it is.
        let weight: UInt32
    }

    /// What a query found out about a document so far.
    private struct Match {
        var score: UInt32 = 0
        /// The part of the score that the word being looked up gave.
        var latest: UInt32 = 0
        /// A bit for each word of the query.
        var matched: UInt32 = 0
    }

    /// Memory of a query that the next one uses again.
    private struct Scratch {
        /// By document, all zero between queries.
        var matches: [Match]
        /// Those that are not zero any more.
        var touched: [Int32] = []
        var queried = WordList()
        var best: [UInt64] = []

        init(documents: Int) {
            matches = [Match](repeating: Match(), count: documents)
        }
    }

    private static let wordLimit = 16

    package init(_ unsorted: [Product]) {
        products = unsorted.sorted { $0.code < $1.code }
        categories = Set(products.map(\.category)).sorted()
        let positions = [String: Int16](
            uniqueKeysWithValues: categories.enumerated().map { ($1, Int16(clamping: $0)) })
        categoryOf = products.map { positions[$0.category] ?? 0 }

        var occurrences: [String: [Posting]] = [:]
        for (document, product) in products.enumerated() {
            for (word, weight) in Self.weights(of: product) {
                occurrences[word, default: []].append(Posting(document: Int32(document), weight: weight))
            }
        }
        let sorted = occurrences.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        words = SearchVocabulary(sorted: sorted.map(\.key))
        let documents = products.count
        postings = sorted.flatMap { _, postings in
            // The number of binary digits of "one in how many products": a cheap logarithm.
            let rarity = UInt32(Int.bitWidth - (documents / postings.count).leadingZeroBitCount)
            return postings.map { Posting(document: $0.document, weight: $0.weight * rarity) }
        }
        starts = sorted.reduce(into: [0]) { $0.append($0[$0.count - 1] + Int32($1.value.count)) }
        scratch = Mutex(Scratch(documents: products.count))
    }

    package func document(code: String) -> Int? {
        var (low, high) = (0, products.count)
        while low < high {
            let middle = (low + high) / 2
            if products[middle].code < code { low = middle + 1 } else { high = middle }
        }
        return low < products.count && products[low].code == code ? low : nil
    }

    /// - Parameters:
    ///   - category: One of ``categories``; others find nothing. A query without a word in it finds all of the
    ///     category.
    ///   - isPreferred: Breaks ties, for example in favour of what is in stock.
    /// - Returns: the best documents, and how many there are in all.
    package func search(
        _ query: String, category: String? = nil, limit: Int, isPreferred: (Int) -> Bool = { _ in true }
    ) -> (documents: [Int], total: Int) {
        let filter: Int16?
        if let category {
            guard let position = categories.firstIndex(of: category) else { return ([], 0) }
            filter = Int16(clamping: position)
        } else {
            filter = nil
        }
        // Whoever finds the scratch memory taken brings some of their own.
        if let found = scratch.withLockIfAvailable({ find(query, filter, limit, &$0, isPreferred) }) { return found }
        var own = Scratch(documents: products.count)
        return find(query, filter, limit, &own, isPreferred)
    }

    private func find(
        _ query: String, _ category: Int16?, _ limit: Int, _ scratch: inout Scratch, _ isPreferred: (Int) -> Bool
    ) -> (documents: [Int], total: Int) {
        scratch.queried.read(query)
        scratch.queried.keepTelling(atMost: Self.wordLimit)
        guard !scratch.queried.words.isEmpty else {
            guard let category else { return ([], 0) }
            let members = categoryOf.indices.filter { categoryOf[$0] == category }
            return (Array(members.prefix(limit)), members.count)
        }
        var best = Best(limit: limit, keys: &scratch.best)
        rank(&scratch.queried, category, &scratch.matches, &scratch.touched, &best, isPreferred)
        let found = (best.documents, best.total)
        best.giveBack(&scratch.best)
        return found
    }

    private func rank(
        _ queried: inout WordList, _ category: Int16?, _ matches: inout [Match], _ touched: inout [Int32],
        _ best: inout Best, _ isPreferred: (Int) -> Bool
    ) {
        var matches = matches.mutableSpan
        for (position, word) in queried.words.enumerated() {
            let bit: UInt32 = 1 << UInt32(position)
            if let singular = queried.singular(of: word) {
                lookUpWhole(queried.bytes.span.extracting(singular), bit, category, &matches, &touched)
            }
            lookUp(queried.bytes.span.extracting(word), bit, category, &matches, &touched)
        }
        var mostMatched = 0
        for document in touched {
            mostMatched = max(mostMatched, matches[Int(document)].matched.nonzeroBitCount)
            if mostMatched == queried.words.count { break }
        }
        for document in touched {
            let match = matches[Int(document)]
            matches[Int(document)] = Match()
            guard match.matched.nonzeroBitCount == mostMatched else { continue }
            best.offer(score: match.score, document: document, isPreferred)
        }
        touched.removeAll(keepingCapacity: true)
    }

    private func lookUpWhole(
        _ word: Span<UInt8>, _ bit: UInt32, _ category: Int16?, _ matches: inout MutableSpan<Match>,
        _ touched: inout [Int32]
    ) {
        let position = words.firstWord(notBefore: word)
        guard position < words.count, words.length(position) == word.count, words.begins(position, with: word) else {
            return
        }
        score(position, quality: 16, bit, category, &matches, &touched)
    }

    /// Looks up the word and all that it begins.
    private func lookUp(
        _ word: Span<UInt8>, _ bit: UInt32, _ category: Int16?, _ matches: inout MutableSpan<Match>,
        _ touched: inout [Int32]
    ) {
        var position = words.firstWord(notBefore: word)
        while position < words.count, words.begins(position, with: word) {
            let found = words.length(position)
            // One letter begins half of the dictionary.
            if found > word.count && word.count < 2 { break }
            let quality = found == word.count ? 16 : UInt32(8 * word.count / found)
            score(position, quality: quality, bit, category, &matches, &touched)
            position += 1
        }
    }

    private func score(
        _ word: Int, quality: UInt32, _ bit: UInt32, _ category: Int16?, _ matches: inout MutableSpan<Match>,
        _ touched: inout [Int32]
    ) {
        for index in Int(starts[word])..<Int(starts[word + 1]) {
            let posting = postings[index]
            let document = Int(posting.document)
            if let category, categoryOf[document] != category { continue }
            let score = posting.weight * quality
            var match = matches[document]
            if match.matched == 0 { touched.append(posting.document) }
            if match.matched & bit == 0 {
                match.matched |= bit
                match.score &+= score
            } else if score > match.latest {
                match.score &+= score - match.latest
            } else {
                continue
            }
            match.latest = score
            matches[document] = match
        }
    }

    // MARK: What words are worth

    private static func weights(of product: Product) -> [String: UInt32] {
        var weights: [String: UInt32] = [:]
        func add(_ text: String, _ weight: UInt32) {
            for word in Words.split(text) {
                for form in Set([word, Words.singular(of: word)]) { weights[form] = max(weights[form] ?? 0, weight) }
            }
        }
        add(product.description, 2)
        add(product.category, 5)
        // What follows the comma is a size or a flavor.
        add(product.name, 6)
        add(product.code, 12)
        let proper = Words.split(String(product.name.prefix { $0 != "," }))
        // In a short name each word says more.
        let brevity: UInt32 = proper.count <= 3 ? 4 : proper.count <= 5 ? 2 : 0
        for word in proper { add(word, 10 + brevity) }
        // "Organic Whole Milk, 1 gal" is milk; "Milk Chocolate Bar, 3.5 oz" is a bar.
        if let noun = proper.last { add(noun, 20 + brevity) }
        return weights
    }
}

/// The best few of many, in order.
private struct Best {
    private let limit: Int
    private var keys: [UInt64] = []
    private(set) var total = 0

    /// Takes the memory of an earlier one.
    init(limit: Int, keys: inout [UInt64]) {
        self.limit = limit
        swap(&self.keys, &keys)
        self.keys.removeAll(keepingCapacity: true)
        self.keys.reserveCapacity(limit)
    }

    mutating func giveBack(_ keys: inout [UInt64]) {
        swap(&self.keys, &keys)
    }

    var documents: [Int] { keys.map { Int(UInt32.max - UInt32(truncatingIfNeeded: $0 & 0xFFFF_FFFF)) } }

    /// Orders by score, then preference, then position.
    mutating func offer(score: UInt32, document: Int32, _ isPreferred: (Int) -> Bool) {
        total += 1
        let highest = UInt64(score) << 33 | 1 << 32 | UInt64(UInt32.max - UInt32(document))
        // Most do not come into question, preferred or not.
        guard keys.count < limit || highest > keys[limit - 1] else { return }
        let key = isPreferred(Int(document)) ? highest : highest & ~(1 << 32)
        guard keys.count < limit || key > keys[limit - 1] else { return }
        if keys.count == limit { keys.removeLast() }
        keys.append(key)
        var position = keys.count - 1
        while position > 0 && keys[position - 1] < key {
            keys.swapAt(position, position - 1)
            position -= 1
        }
    }
}
