// What a client asks of a document behind the question mark, read so that nothing is misunderstood in silence.

import HostBase
import HostDocuments
import HostHTTP
import JSON
import NIOHTTP1

/// Which part of the OpenAPI document is meant, and in which version. A key that is not known is refused: whoever wrote
/// `pakc=cart` would get all tools, and not learn of it.
public struct DocumentQuery: Sendable, Hashable {
    private(set) var version = OpenAPIDocument.Version.v31
    private(set) var pack: String?
    private(set) var tag: String?

    private static let keys = ["version", "pack", "tag"]

    /// The newest version of all tools, of one pack's or of one tag's.
    public init(pack: String?, tag: String?) {
        self.pack = pack
        self.tag = tag
    }

    /// - Throws: 400 with what is wrong and what may stand there.
    init(_ query: String?, of route: Route) throws(Problem) {
        let known = route == .openAPI ? Self.keys : []
        var given: [String: String] = [:]
        for pair in (query ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let key = Self.decoded(parts[0])
            if Self.isCacheBuster(key, hasValue: parts.count > 1) { continue }
            guard known.contains(key) else { throw Self.unknown(key, known) }
            let value = parts.count > 1 ? Self.decoded(parts[1]) : ""
            guard !value.isEmpty else {
                throw Self.problem("\(key) has no value: give it one, or leave it out for \(Self.whole(key)).")
            }
            guard given.updateValue(value, forKey: key) == nil else {
                throw Self.problem("\(key) is given more than once, and only one can be meant.")
            }
        }
        if let text = given["version"] {
            guard let version = OpenAPIDocument.Version(query: text) else {
                throw Problem(.badRequest, "version", "This version is not known; version=3.1 and version=3.0 are.")
            }
            self.version = version
        }
        pack = given["pack"]
        tag = given["tag"]
    }

    /// - Throws: 404 with the names that there are among `documents`.
    public func document(of documents: DiscoveryDocuments) throws(Problem) -> ServedDocument {
        if let document = documents.openAPI(version, pack: pack, tag: tag) { return document }
        if let pack, !documents.packs.contains(pack) { throw Self.missing("pack", pack, documents.packs) }
        if let tag, !documents.tags.contains(tag) { throw Self.missing("tag", tag, documents.tags) }
        let tags = documents.tags.filter { documents.openAPI(pack: pack, tag: $0) != nil }
        throw Problem(
            .notFound, "not_found",
            "No tool of the pack \(pack ?? "") has the tag \(tag ?? ""). Its tags: \(tags.joined(separator: ", ")).")
    }

    /// What cannot be decoded is told, or looked for, as it is.
    private static func decoded(_ text: Substring) -> String {
        PercentEncoding.decodedAsFarAsPossible(text.utf8, plusIsSpace: true)
    }

    /// What scripts add so that no cache answers: jQuery a `_` with the time, others the time alone.
    private static func isCacheBuster(_ key: String, hasValue: Bool) -> Bool {
        key == "_" || !hasValue && key.isASCIIDigits
    }

    private static func unknown(_ key: String, _ known: [String]) -> Problem {
        let name = shown(key)
        guard !known.isEmpty else {
            return problem(
                "\(name) is no key of this document, which always tells of all tools. /openapi.json can be had in parts: "
                    + "it takes \(keys.joined(separator: ", ")).")
        }
        let question = question(about: key, known)
        return problem("\(name) is no key of this document.\(question) It takes \(known.joined(separator: ", ")).")
    }

    private static func missing(_ kind: String, _ name: String, _ known: [String]) -> Problem {
        let question = question(about: name, known)
        let names = known.isEmpty ? "No tool is served." : "There are: \(known.joined(separator: ", "))."
        return Problem(.notFound, "not_found", "There is no \(kind) \(shown(name)) here.\(question) \(names)")
    }

    private static func problem(_ detail: String) -> Problem {
        Problem(.badRequest, "query", detail)
    }

    private static func whole(_ key: String) -> String {
        key == "version" ? "OpenAPI 3.1" : "all tools"
    }

    /// A question about names that a slip of the hand, or a shorter form, may stand for, with a space before it.
    private static func question(about text: String, _ known: [String]) -> String {
        let question = NearbyNames.question(NearbyNames.near(text, among: known, takesShortForms: true) { _ in true })
        return question.isEmpty ? "" : " " + question
    }

    private static func shown(_ text: String) -> String {
        ForeignText.quoted(String(text.prefix(longest)))
    }

    /// Characters of a client's text that are looked at.
    private static let longest = 64
}
