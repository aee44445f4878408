// A certificate for services of this machine that no public authority signed.

import Testing

/// Made with openssl, good for `127.0.0.1` and `localhost`; it is its own authority.
final class FixtureCertificate: Sendable {
    private let scratch: Scratch
    /// Paths of PEM files.
    let certificate: String
    let key: String

    init() throws {
        scratch = try Scratch()
        certificate = scratch.path + "/cert.pem"
        key = scratch.path + "/key.pem"
        let made = try run(
            "/usr/bin/env",
            [
                "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=fixture",
                "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost", "-keyout", key, "-out", certificate,
            ])
        try #require(made.succeeded, "\(made.errors)")
    }
}
