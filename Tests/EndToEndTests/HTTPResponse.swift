// A response as it came off the wire (RFC 9112), parsed strictly enough to notice a wrong one.

import JSON

struct HTTPResponse: Sendable {
    var status: Int
    var fields: [(name: String, value: String)]
    var body: [UInt8]

    struct Malformed: Error, CustomStringConvertible {
        let description: String
    }

    /// The value of the only field of this name; `nil` when there is none, or several.
    subscript(name: String) -> String? {
        let found = fields.filter { $0.name.lowercased() == name.lowercased() }
        return found.count == 1 ? found[0].value : nil
    }

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The body; `nil` when it is not JSON.
    var json: JSONValue? { try? JSONValue(parsing: body) }

    /// The body when it is a problem document (RFC 9457) that agrees with the status line.
    var problem: JSONValue? {
        guard self["Content-Type"]?.hasPrefix("application/problem+json") == true, let json,
            json["status"]?.int64 == Int64(status), json["title"]?.string?.isEmpty == false
        else { return nil }
        return json
    }

    /// The response at the start of the bytes and how many of them it takes; `nil` when more are needed.
    static func parse(_ bytes: [UInt8], toHead: Bool, atEnd: Bool) throws -> (HTTPResponse, Int)? {
        guard let end = find([13, 10, 13, 10], in: bytes, from: 0) else { return nil }
        let head = bytes[..<end].split(separator: 10, omittingEmptySubsequences: false).map { line in
            String(decoding: line.last == 13 ? line.dropLast() : line, as: UTF8.self)
        }
        let line = head[0].split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard line.count >= 2, line[0] == "HTTP/1.1" || line[0] == "HTTP/1.0", let status = Int(line[1]) else {
            throw Malformed(description: "not a status line: \(head[0])")
        }
        var response = HTTPResponse(status: status, fields: [], body: [])
        for field in head.dropFirst() {
            guard let colon = field.firstIndex(of: ":") else { throw Malformed(description: "not a field: \(field)") }
            let value = field[field.index(after: colon)...]
            response.fields.append((String(field[..<colon]), String(value.trimming { $0 == " " || $0 == "\t" })))
        }
        let start = end + 4
        if toHead || status / 100 == 1 || status == 204 || status == 304 { return (response, start) }
        if response["Transfer-Encoding"]?.lowercased() == "chunked" {
            return try chunks(bytes, from: start).map { body, next in
                response.body = body
                return (response, next)
            }
        }
        if let text = response["Content-Length"] {
            guard let length = Int(text) else { throw Malformed(description: "Content-Length: \(text)") }
            guard bytes.count - start >= length else { return nil }
            response.body = Array(bytes[start..<start + length])
            return (response, start + length)
        }
        guard atEnd else { return nil }
        response.body = Array(bytes[start...])
        return (response, bytes.count)
    }

    private static func chunks(_ bytes: [UInt8], from start: Int) throws -> (body: [UInt8], next: Int)? {
        var (body, at): ([UInt8], Int) = ([], start)
        while let line = find([13, 10], in: bytes, from: at) {
            guard let size = Int(String(decoding: bytes[at..<line], as: UTF8.self), radix: 16) else {
                throw Malformed(description: "not a chunk size")
            }
            at = line + 2
            guard bytes.count >= at + size + 2 else { return nil }
            body += bytes[at..<at + size]
            at += size + 2
            if size == 0 { return (body, at) }
        }
        return nil
    }

    private static func find(_ pattern: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard bytes.count >= pattern.count + start else { return nil }
        return (start...bytes.count - pattern.count).first { at in
            bytes[at] == pattern[0] && bytes[at..<at + pattern.count].elementsEqual(pattern)
        }
    }
}

extension Substring {
    func trimming(_ isTrimmed: (Character) -> Bool) -> Substring {
        var text = drop(while: isTrimmed)
        while let last = text.last, isTrimmed(last) { text.removeLast() }
        return text
    }
}
