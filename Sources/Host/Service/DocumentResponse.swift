// How a document answers a request: as it is or compressed, in full or as what the client has already.

import HostDocuments
import HostHTTP
import NIOHTTP1

extension ServedDocument {
    /// The answer to a GET or HEAD.
    func response(to request: Request) -> Response {
        var (body, tag, isCompressed) = (bytes, etag, false)
        // What has one form alone is sent whatever the client says of forms.
        if hasTwoForms {
            let accepted = AcceptEncoding(request.headers["accept-encoding"])
            if accepted.choice == .gzip, let compressed {
                (body, tag, isCompressed) = (compressed, compressedETag, true)
            } else if !accepted.takesIdentity {
                return Problem(
                    .notAcceptable, "not_acceptable",
                    compressed == nil
                        ? "This document is sent as it is: Accept-Encoding must not exclude identity."
                        : "This document is sent as it is or with gzip: Accept-Encoding must take one of them.",
                    headers: [("vary", "Accept-Encoding")]
                ).response()
            }
        }
        var headers = [("content-type", mediaType), ("cache-control", cacheControl)]
        if let vary { headers.append(("vary", vary)) }
        let asked = request.fields[.ifNoneMatch]
        if let match = match(ifNoneMatch: asked.isEmpty ? nil : asked.joined(separator: ", "), preferred: tag) {
            return Response(status: .notModified, headers: headers + [("etag", match)])
        }
        headers.append(("etag", tag))
        if isCompressed { headers.append(("content-encoding", "gzip")) }
        return Response(status: .ok, headers: headers, body: .bytes(body))
    }

    /// Whether the answer takes too long for an event loop: it is the first one that is compressed, and long.
    func isSlow(for request: Request) -> Bool {
        guard isSlowToCompress else { return false }
        let accepted = AcceptEncoding(request.headers["accept-encoding"])
        return accepted.choice == .gzip || !accepted.takesIdentity
    }

    private var hasTwoForms: Bool { vary?.contains("Accept-Encoding") == true }
}
