// The image behind `logo_url`, part of the program so that the manifest's link always answers.

/// The host's own logo: a socket, and a plug on its way in.
///
/// The manifest wants an image that is no GIF, square, 512 by 512 preferred, transparent allowed. SVG is one, is sharp
/// at any size, and can be reviewed as text.
enum Logo {
    static let path = "/logo.svg"
    static let mediaType = "image/svg+xml"

    static func url(_ deployment: Deployment) -> String {
        deployment.logoURL ?? deployment.publicURL + path
    }

    static let svg = """
        <svg xmlns="http://www.w3.org/2000/svg" width="512" height="512" viewBox="0 0 512 512" role="img" \
        aria-label="Toolhost">
          <rect width="512" height="512" rx="112" fill="#14323a"/>
          <path d="M112 288h288v40a88 88 0 0 1-88 88H200a88 88 0 0 1-88-88z" fill="#f4f1e8"/>
          <path d="M176 288v56M336 288v56" stroke="#14323a" stroke-width="28" stroke-linecap="round"/>
          <path d="M144 232v-56a40 40 0 0 1 40-40h144a40 40 0 0 1 40 40v56z" fill="#f0a63c"/>
          <path d="M256 136V80" stroke="#f0a63c" stroke-width="28" stroke-linecap="round"/>
        </svg>

        """
}
