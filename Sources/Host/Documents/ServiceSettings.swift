// What documents say of a deployment, as its operator words it.

/// Names, texts and addresses for documents.
public struct ServiceSettings: Sendable {
    /// For people.
    var title: String
    /// For models: letters, digits and underscores.
    var name: String
    var description: String
    var contactEmail: String
    /// `nil`: the host's own page.
    var legalURL: String?

    public init(title: String, name: String, description: String, contactEmail: String, legalURL: String? = nil) {
        self.title = title
        self.name = name
        self.description = description
        self.contactEmail = contactEmail
        self.legalURL = legalURL
    }
}
