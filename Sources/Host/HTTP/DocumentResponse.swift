// How a document answers a request: as it is or compressed, in full or as what the client has already.

import NIOHTTP1

extension ServedDocument {
    /// The answer to a GET or HEAD.
    func response(to request: Request) -> Response {
        var (body, tag, isCompressed) = (bytes, etag, false)
        // What has one form alone is sent whatever the client says of forms.
        if vary?.contains("Accept-Encoding") == true {
            let accepted = AcceptEncoding(request.headers["accept-encoding"])
            if accepted.choice == .gzip, let compressed {
                (body, tag, isCompressed) = (compressed, compressedETag, true)
            } else if !accepted.takesIdentity {
                var problem = Problem(
                    .notAcceptable, "not_acceptable",
                    compressed == nil
                        ? "This document is sent as it is: Accept-Encoding must not exclude identity."
                        : "This document is sent as it is or with gzip: Accept-Encoding must take one of them.")
                problem.headers = [("vary", "Accept-Encoding")]
                return problem.response()
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
        return Response(status: .ok, headers: headers, body: body)
    }
}
