// Search: what is found, and what comes first.

import Testing

@testable import Storefront

struct WordsTests {
    @Test(arguments: [
        ("Crème Fraîche, 8 oz", ["creme", "fraiche", "8", "oz"]), ("S'mores & JALAPEÑO", ["smores", "jalapeno"]),
        ("cre\u{300}me", ["creme"]), ("Łódź Straße Œuf Ångström", ["lodz", "strasse", "oeuf", "angstrom"]),
        ("2% milk", ["2", "milk"]), ("Привет, МИР", ["привет", "мир"]), ("×÷ … !", []), ("shepherd’s", ["shepherds"]),
    ])
    func splits(text: String, words: [String]) {
        #expect(Words.split(text) == words)
    }

    @Test(arguments: [
        ("milk", "milks"), ("berry", "berries"), ("tomato", "tomatoes"), ("peach", "peaches"), ("box", "boxes"),
        ("cookie", "cookies"), ("loaf", "loaves"), ("cheese", "cheeses"), ("glass", "glasses"), ("olive", "olives"),
        ("pie", "pies"),
    ])
    func singularAndPluralMeet(singular: String, plural: String) {
        #expect(Words.singular(of: plural) == Words.singular(of: singular))
    }

    @Test(arguments: ["hummus", "asparagus", "swiss", "gas"])
    func endingsThatAreNoPlural(word: String) {
        #expect(Words.singular(of: word) == word)
    }
}

struct WordListTests {
    @Test(arguments: [
        "", "Organic WHOLE milk", "crème de la crème", "  a  b ", "shepherd's pie", "MILK-001", "Привет 2%",
    ])
    func findsWhatWordsFinds(text: String) {
        var scalars: [String] = []
        Words.split(text) { scalars.append($0) }
        let list = WordList(text)
        #expect(list.words.map(list.string) == scalars)
    }

    @Test(arguments: [
        ("the milk of the milk", 16, ["milk"]), ("the of", 16, ["the", "of"]), ("a", 16, ["a"]),
        ("some rice and some beans", 16, ["rice", "beans"]), ("b c d e", 3, ["b", "c", "d"]), ("", 16, []),
    ])
    func keepsWhatTells(text: String, limit: Int, words: [String]) {
        var list = WordList(text)
        list.keepTelling(atMost: limit)
        #expect(list.words.map(list.string) == words)
    }

    @Test(arguments: [
        ("berries", "berry"), ("pies", "pie"), ("knives", "knife"), ("halves", "half"), ("olives", "olive"),
        ("peaches", "peach"), ("aches", "ach"), ("clothes", "clothe"), ("glasses", "glass"), ("roses", "rose"),
        ("boxes", "box"), ("prizes", "priz"), ("tomatoes", "tomato"), ("cookie", "cooky"), ("eggs", "egg"),
    ])
    func makesSingulars(word: String, singular: String) {
        var list = WordList(word)
        let found = list.singular(of: list.words[0]).map(list.string)
        #expect(found == singular)
        #expect(Words.singular(of: word) == singular)
    }

    @Test(arguments: ["milk", "gas", "swiss", "hummus", "pastis", "cheese", "ie", "is"])
    func leavesSingulars(word: String) {
        var list = WordList(word)
        let found = list.singular(of: list.words[0])
        #expect(found == nil)
    }
}

struct VocabularyTests {
    /// The first eight bytes are compared as a number, so words that differ behind them, or end there, are what may go
    /// wrong.
    private static let words = [
        "a", "berries", "berry", "straw", "strawbe", "strawber", "strawbera", "strawberries", "strawberry", "strawz",
        "é",
        "ééééa", "éééé", "ééééb", "z",
    ].sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }

    @Test(arguments: words + ["", "b", "str", "strawberr", "strawberrz", "strawberryy", "éé", "ééééaa", "zz", "~"])
    func findsLikeALinearSearch(word: String) {
        let vocabulary = SearchVocabulary(sorted: Self.words)
        let found = vocabulary.firstWord(notBefore: word.utf8.span)
        #expect(found == Self.words.count { $0.utf8.lexicographicallyPrecedes(word.utf8) })
        let begun = Self.words.indices.filter { vocabulary.begins($0, with: word.utf8.span) }
        #expect(begun == Self.words.indices.filter { Self.words[$0].utf8.starts(with: word.utf8) })
    }
}

struct SearchIndexTests {
    private let index: SearchIndex

    init() throws {
        index = SearchIndex(try DataFile.builtInProducts.products())
    }

    private func codes(_ query: String, category: String? = nil, limit: Int = 50) -> [String] {
        index.search(query, category: category, limit: limit).documents.map { index.products[$0].code }
    }

    @Test func theNounOfANameCountsMost() {
        let found = codes("milk")
        #expect(found.first == "milk-001")
        #expect(found.prefix(5).allSatisfy { $0.hasPrefix("milk-") })
        #expect(found.contains("chocolate-002"), "milk chocolate has milk in its name")
    }

    @Test(arguments: [
        ("milks", "milk"), ("berries", "berry"), ("TOMATOES", "tomato"), ("jalapeno", "Jalapeño"), ("crepe", "crêpes"),
    ])
    func formsOfAWordFindTheSame(left: String, right: String) {
        #expect(!codes(left).isEmpty)
        #expect(Set(codes(left)) == Set(codes(right)))
    }

    @Test func theBeginningOfAWordIsEnough() {
        #expect(codes("straw").contains("berries-001"))
        #expect(codes("org mil") == ["milk-001"])
        #expect(codes("choc").count > 5)
    }

    @Test func aWholeWordCountsMoreThanItsBeginning() {
        #expect(codes("corn").first == "corn-001", "before corned beef and cornmeal")
    }

    @Test func everyWordCounts() {
        #expect(codes("organic milk") == ["milk-001"])
        #expect(codes("gluten free bread").first == "bread-006")
    }

    @Test func whereNothingMatchesAllTheMostMatchingCount() {
        #expect(codes("organic whole milk xylophone").first == "milk-001")
        #expect(codes("xylophone").isEmpty)
    }

    @Test func emptyWordsDoNotCount() {
        #expect(codes("a loaf of sourdough") == codes("loaf sourdough"))
        #expect(codes("milk milk MILK") == codes("milk"))
    }

    @Test func totalsCountWhatTheLimitCuts() {
        let all = index.search("milk", limit: 50)
        let few = index.search("milk", limit: 3)
        #expect(few.documents == Array(all.documents.prefix(3)))
        #expect(few.total == all.total && all.total == all.documents.count)
    }

    @Test func aCategoryNarrows() {
        let dairy = codes("milk", category: "dairy")
        #expect(dairy.count > 4 && dairy.count < codes("milk").count)
        #expect(index.search("milk", category: "toys", limit: 5).total == 0)
        #expect(index.search("!", category: "dairy", limit: 5).total == 34)
        #expect(index.search("!", limit: 5).total == 0)
    }

    @Test func preferenceOnlyBreaksTies() throws {
        let milk = index.search("skim milk", limit: 2).documents
        #expect(index.search("skim milk", limit: 2) { $0 != milk[0] }.documents == milk)
        let cola = index.search("granola honey almond oats", limit: 50).documents
        #expect(!cola.isEmpty)
        let twins = SearchIndex(
            ["a-001", "a-002"].map {
                Product(code: $0, name: "Tea", category: "b", description: "Hot.", price: .zero, stock: 1)
            })
        #expect(twins.search("tea", limit: 2) { $0 == 1 }.documents == [1, 0])
    }

    @Test func aQueryLeavesNothingBehind() {
        let first = codes("chocolate chip cookies")
        for query in ["milk", "a", "bread", "ch", "x", "oat milk barista style one two three four five six seven"] {
            _ = codes(query)
        }
        #expect(codes("chocolate chip cookies") == first)
    }

    @Test func anEmptyCatalogueIsNoTrouble() {
        #expect(SearchIndex([]).search("milk", limit: 5).total == 0)
    }

    /// The index against a search that looks at every product: the same products for every ninth word.
    @Test func findsWhatAFullScanFinds() throws {
        let documents = index.products.map { product in
            Set(
                [product.name, product.category, product.description, product.code].flatMap(Words.split)
                    .flatMap { [$0, Words.singular(of: $0)] })
        }
        let words = Set(documents.flatMap { $0 }).sorted().filter { $0.utf8.count > 1 }
        for query in stride(from: 0, to: words.count, by: 9).map({ words[$0] }) {
            let expected = documents.indices.filter { document in
                documents[document].contains { $0.hasPrefix(query) || $0 == Words.singular(of: query) }
            }
            let found = index.search(query, limit: 500)
            #expect(Set(found.documents) == Set(expected), "\(query)")
        }
    }
}
