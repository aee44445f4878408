// Every bound that a schema has to keep, in one place, so that documents and errors name the numbers that hold.

import JSON

/// How large a schema may be. Whatever exceeds a bound is refused when the schema is compiled, with the number in the
/// error; only `work` is met while a document is checked.
public enum SchemaBounds {
    /// Schemas inside each other.
    public static let nesting = 256
    /// Schemas in one line while the schema is compiled, each reached from the one before by a reference or by nesting.
    public static let references = 512
    /// Schemas altogether.
    public static let subschemas = 100_000
    /// Schemas that apply to one and the same value, one because of the other (`allOf`, `anyOf`, `$ref`, …).
    public static let chain = 256
    /// Digits of a `multipleOf`, without the point and zeros at either end.
    public static let multipleOfDigits = 19
    /// Numbers in a repetition of a pattern, as in `{1,200}`.
    public static let repetition = 10_000
    /// Groups inside each other in a pattern.
    public static let patternGroups = 100
    /// Steps of a pattern: a character, class, assertion or `|` is one each time that it may be repeated, and so is
    /// each repetition that may be left out. The longest repetition of one class has room.
    public static let patternSteps = 25_000
    /// Different characters and classes of characters in a pattern.
    public static let patternClasses = 1_000
    /// Steps of a pattern whose table would be too large, or take too long to make.
    public static let patternStepsWithoutTable = 1_000
    /// Rows of a pattern's table.
    static let patternRows = 16_384
    /// Rows of a pattern's table times the kinds of characters that the pattern tells apart.
    static let patternCells = 1 << 18
    /// Steps that checking a document may take; 64 more for each value and each name in it.
    public static let work = 1_000_000

    /// What a pack's author reads, in the order of the documentation: what is counted, and how many there may be.
    public static let described: [(bound: String, number: Int)] = [
        ("arrays and objects inside each other, in the text of a schema", JSONLimits().depth),
        ("schemas altogether", subschemas),
        (
            "schemas that apply to one and the same value, one because of the other (`allOf`, `anyOf`, `not`, `if`, `$ref`)",
            chain
        ),
        ("schemas in one line, each reached from the one before by a `$ref` or because it stands in it", references),
        ("digits of a `multipleOf`, without the point and zeros at either end", multipleOfDigits),
        ("a number in a repetition of a pattern, as in `{1,200}`", repetition),
        ("groups inside each other in a pattern", patternGroups),
        ("different characters and classes of characters in a pattern", patternClasses),
        (
            "steps of a pattern: one for each character, class, assertion and bar between alternatives, as often as it may be repeated (by `*` and "
                + "`+`: once), and one more for each repetition that may be left out, and for `*`, `+` and `{2,}`",
            patternSteps
        ),
        (
            "the same, where a pattern cannot be made into one table: mostly one that has long repetitions without `^` in front, "
                + "hundreds of different words, or alternatives that begin alike and are repeated",
            patternStepsWithoutTable
        ),
        (
            "steps that checking one document may take, and 64 more for each value and each name in it; beyond that it does not "
                + "fit",
            work
        ),
    ]
}
