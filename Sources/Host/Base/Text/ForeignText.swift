// Text from outside in messages for the operator: it can move no cursor and forge no line.

public enum ForeignText {
    /// In quotation marks; everything but printable ASCII escaped; cut after 200 characters.
    public static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars.prefix(200) {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case " "..."~": result.unicodeScalars.append(scalar)
            default: result += "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
        return text.unicodeScalars.count > 200 ? result + "…\"" : result + "\""
    }
}

extension ForeignText {
    /// Without the quotation marks, for the text of a library's error.
    public static func plain(_ text: String) -> String {
        String(quoted(text).dropFirst().dropLast())
    }
}
