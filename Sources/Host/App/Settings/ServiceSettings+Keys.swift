// The keys of what documents say of a deployment.

import HostDocuments

extension ServiceSettings {
    init(_ reader: SettingsReader) throws(SettingsError) {
        let title = reader.string(.serviceTitle)
        let name = reader.string(.serviceName)
        let description = reader.string(.serviceDescription)
        let contactEmail = reader.string(.serviceContact)
        let legal = reader.string(.serviceLegal)
        func check(_ key: SettingKey, _ text: String, limit: Int) throws(SettingsError) {
            guard (1...limit).contains(text.unicodeScalars.count) else {
                throw reader.error(key, "has not 1 to \(limit) characters")
            }
        }
        try check(.serviceTitle, title, limit: ActionsManifest.titleLimit)
        try check(.serviceName, name, limit: ActionsManifest.modelNameLimit)
        try check(.serviceDescription, description, limit: ActionsManifest.summaryLimit)
        guard name.utf8.allSatisfy(OpenAILimits.isNameByte) else {
            throw reader.error(.serviceName, "has a character other than letters, digits and underscores")
        }
        let halves = contactEmail.split(separator: "@", omittingEmptySubsequences: false)
        guard halves.count == 2, !halves.contains(""), !contactEmail.contains(where: \.isWhitespace) else {
            throw reader.error(.serviceContact, "is no address such as name@example.com")
        }
        guard legal.isEmpty || legal.hasPrefix("https://") || legal.hasPrefix("http://") else {
            throw reader.error(.serviceLegal, "does not begin with https:// or http://")
        }
        self.init(
            title: title, name: name, description: description, contactEmail: contactEmail,
            legalURL: legal.isEmpty ? nil : legal)
    }
}
