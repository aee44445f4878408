// Which names in the plugins folder are packs and policies, and what is said of those that are nearly right.

import Testing

@testable import HostBase
@testable import HostCalls
@testable import HostPacks

@Suite struct PackNamesTests {
    private func names(_ texts: String...) -> PackNames { PackNames(of: texts.map { FileName($0) }) }

    @Test func packsComeInTheOrderOfTheirBytes() {
        let names = names("b.so", "a.so", ".hidden.so", "a.yaml", "README", "x.so.bak", "Z.so", ".so")
        #expect(names.packs == ["Z.so", "a.so", "b.so"])
        #expect(names.warnings == [] && names.refusals.isEmpty)
        #expect(PackNames.policy(of: "a.b.so") == "a.b.yaml" && PackNames.stem("a.b.so") == "a.b")
    }

    @Test(arguments: [
        ("checkout.YAML", "it has to be called checkout.yaml"), ("Checkout.yaml", "it has to be called checkout.yaml"),
        ("checkout.yml", "it has to be called checkout.yaml"), ("checkout.Yml", "it has to be called checkout.yaml"),
        ("chekout.yaml", "there is no pack chekout.so"), ("chekout.yml", "it has to be called chekout.yaml"),
        ("cart.SO", "it has to be called cart.so"),
    ])
    func aNameThatIsNearlyRightIsToldOf(name: String, words: String) {
        let found = names("checkout.so", "checkout.yaml", name, ".checkout.YAML").warnings
        #expect(found.count == 1)
        let told = found.first ?? ""
        #expect(told.hasPrefix("\(name) in PLUGINS_DIR is not ") && told.contains(words))
    }

    /// Swift takes both spellings for the same text, and the file system for two names.
    @Test func anAccentThatIsSpeltInAnotherWayIsAnotherName() {
        let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")
        let names = names("\(composed).so", "\(decomposed).yaml")
        #expect(names.warnings.count == 1 && names.warnings.first?.contains("its bytes differ") == true)
        #expect(!names.all.contains(FileName(PackNames.policy(of: names.packs[0]))))
    }

    @Test func aNameThatIsNotUTF8IsRefusedByItsBytes() {
        let raw = FileName(bytes: Array("caf".utf8) + [0xE9] + Array(".so".utf8))
        let yaml = FileName(bytes: Array("caf".utf8) + [0xE9] + Array(".yaml".utf8))
        let names = PackNames(of: [raw, FileName("good.so"), yaml])
        #expect(names.packs == ["good.so"])
        #expect(names.refusals.map(\.file) == [#"caf\xe9.so"#])
        #expect(names.refusals.first?.reason.contains("rename it") == true)
        #expect(names.warnings.count == 1)
    }

    /// A character that takes the dot behind it into its own cluster.
    @Test func anEndingIsOfBytesNotOfCharacters() {
        #expect(names("\u{600}.so").packs == ["\u{600}.so"])
        #expect(PackNames.policy(of: "\u{600}.so") == "\u{600}.yaml")
    }
}
