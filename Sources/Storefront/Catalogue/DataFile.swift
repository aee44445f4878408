// Reads the shop's data files: JSON lines, every line checked, and every mistake named by file, line and field.

import Glibc
import ToolSDK

/// Why a data file was not loaded. The store keeps what it had.
package struct DataFileError: Error, Hashable, CustomStringConvertible {
    package let file: String
    /// From 1; `nil` when it is about the file as a whole.
    package let line: Int?
    package let field: String?
    package let reason: String

    package var description: String {
        var place = file
        if let line { place += ", line \(line)" }
        if let field { place += ", field \"\(field)\"" }
        return "\(place): \(reason)"
    }
}

/// The text of a data file, and the name that mistakes in it are reported under.
struct DataFile {
    let name: String
    let bytes: [UInt8]

    init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    /// - Throws: ``DataFileError`` when there is no such file, it cannot be read, or it is over 64 MiB.
    init(path: String) throws(DataFileError) {
        name = path
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw DataFileError(file: path, line: nil, field: nil, reason: "cannot be opened: \(Self.reason(errno))")
        }
        defer { close(descriptor) }
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe read(descriptor, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else {
                throw DataFileError(file: path, line: nil, field: nil, reason: "cannot be read: \(Self.reason(errno))")
            }
            if count == 0 { break }
            content += chunk[..<count]
            guard content.count <= 64 << 20 else {
                throw DataFileError(file: path, line: nil, field: nil, reason: "is over 64 MiB")
            }
        }
        bytes = content
    }

    func products() throws(DataFileError) -> [Product] {
        let products = try records { record throws(DataFileError) in
            Product(
                code: try record.code("code"),
                name: try record.text("name", upTo: 120),
                category: try record.code("category"),
                description: try record.text("description", upTo: 1000),
                price: try record.money("price"),
                stock: try record.integer("stock", in: 0...1_000_000))
        }
        try requireUnique(products.map(\.value.code), lines: products.map(\.line), field: "code")
        return products.map(\.value)
    }

    func deals() throws(DataFileError) -> [Deal] {
        let deals = try records { record throws(DataFileError) in
            Deal(
                code: try record.code("code"),
                title: try record.text("title", upTo: 120),
                target: try record.target(),
                terms: try record.terms(),
                startsOn: try record.day("startsOn"),
                endsOn: try record.day("endsOn"))
        }
        try requireUnique(deals.map(\.value.code), lines: deals.map(\.line), field: "code")
        return deals.map(\.value)
    }

    private func records<T>(
        _ make: (inout DataRecord) throws(DataFileError) -> T
    ) throws(DataFileError) -> [(line: Int, value: T)] {
        var result: [(line: Int, value: T)] = []
        var number = 0
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            if line.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\t") }) {
                continue
            }
            var record = try DataRecord(Array(line), file: name, line: number)
            let value = try make(&record)
            try record.finish()
            result.append((number, value))
        }
        guard !result.isEmpty else {
            throw DataFileError(file: name, line: nil, field: nil, reason: "is empty; expected one JSON object a line")
        }
        return result
    }

    private func requireUnique(_ values: [String], lines: [Int], field: String) throws(DataFileError) {
        var firstLine: [String: Int] = [:]
        for (value, line) in zip(values, lines) {
            if let first = firstLine.updateValue(line, forKey: value) {
                throw DataFileError(
                    file: name, line: line, field: field, reason: "\"\(value)\" is used in line \(first) already")
            }
        }
    }

    private static func reason(_ code: Int32) -> String {
        switch code {
        case ENOENT: "no such file"
        case EACCES: "permission denied"
        case EISDIR: "it is a folder"
        default: "error \(code)"
        }
    }
}
