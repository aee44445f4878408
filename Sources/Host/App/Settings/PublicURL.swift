// What clients call: the base of every URL in every document, never taken from a request.

import HostNetwork

/// The base URL that documents name.
enum PublicURL {
    /// The configured URL without its trailing slash.
    static func checked(_ reader: SettingsReader) throws(SettingsError) -> String? {
        var url = reader.string(.publicURL)
        if url.isEmpty { return nil }
        while url.hasSuffix("/") { url.removeLast() }
        let scheme = url.hasPrefix("https://") ? "https://" : url.hasPrefix("http://") ? "http://" : nil
        guard let scheme, url.utf8.count > scheme.utf8.count else {
            throw reader.error(.publicURL, "does not begin with https:// or http:// and a host")
        }
        let rest = url.dropFirst(scheme.count)
        let isPlain = rest.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"\"<>\\^`{|}?#@".utf8.contains($0) }
        guard isPlain else {
            throw reader.error(.publicURL, "has a query, a fragment, a user or a character that a URL cannot have")
        }
        guard OutboundURL(url) != nil else {
            throw reader.error(
                .publicURL, "has no host that is a name or an address, an IPv6 one in brackets, with a port up to 65535"
            )
        }
        return url
    }

    /// The URL in force once the port is known, and a warning where it is a guess.
    static func effective(_ settings: Settings, port: Int) -> (url: String, warning: String?) {
        if let url = settings.publicURL { return (url, nil) }
        if settings.isWildcard {
            let url = "http://localhost:\(port)"
            return (
                url,
                "listening on every address, but documents name \(url), which other machines cannot call: "
                    + "set PUBLIC_URL to the URL that clients use"
            )
        }
        let host = settings.host.contains(":") ? "[\(settings.host)]" : settings.host
        return ("http://\(host):\(port)", nil)
    }
}
