// The image behind `logo_url`, part of the program so that the manifest's link always answers.

/// The host's own logo: a socket, and a plug on its way in.
///
/// The manifest wants an image that is no GIF, square, 512 by 512 preferred, transparent allowed. SVG is one, is sharp
/// at any size, and can be reviewed as text.
public enum Logo {
    static let path = "/logo.svg"
    public static let mediaType = "image/svg+xml"

    static func url(_ deployment: Deployment) -> String {
        deployment.logoURL ?? deployment.publicURL + path
    }

    static let svg = """
        <svg xmlns="http://www.w3.org/2000/svg" width="512" height="512" viewBox="0 0 512 512" role="img" \
        aria-label="Toolhost">
          <rect width="512" height="512" rx="112" fill="#14323a"/>
          <path d="M112 304h288v32a96 96 0 0 1-96 96h-96a96 96 0 0 1-96-96z" fill="#f4f1e8"/>
          <path d="M200 304v52M312 304v52" stroke="#14323a" stroke-width="36"/>
          <path d="M200 196v72M312 196v72" stroke="#f4f1e8" stroke-width="28"/>
          <path d="M136 208v-40a48 48 0 0 1 48-48h144a48 48 0 0 1 48 48v40z" fill="#f0a63c"/>
          <path d="M256 128V72" stroke="#f0a63c" stroke-width="32" stroke-linecap="round"/>
        </svg>

        """
}
