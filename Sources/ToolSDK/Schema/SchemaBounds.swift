// Lets a schema take its limits as Swift ranges: 1...50, 1..., ...50.

/// A range whose ends are part of it, as JSON Schema's `minimum` and `maximum` are.
public protocol SchemaBounds<Bound> {
    associatedtype Bound
    var lowest: Bound? { get }
    var highest: Bound? { get }
}

extension ClosedRange: SchemaBounds {
    public var lowest: Bound? { lowerBound }
    public var highest: Bound? { upperBound }
}

extension PartialRangeFrom: SchemaBounds {
    public var lowest: Bound? { lowerBound }
    public var highest: Bound? { nil }
}

extension PartialRangeThrough: SchemaBounds {
    public var lowest: Bound? { nil }
    public var highest: Bound? { upperBound }
}

/// Both ends of any ``SchemaBounds``, or none.
@usableFromInline
struct Ends<Bound: Sendable>: Sendable {
    @usableFromInline var lowest: Bound?
    @usableFromInline var highest: Bound?

    @inlinable
    init() {}

    @inlinable
    init<Bounds: SchemaBounds>(_ bounds: Bounds) where Bounds.Bound == Bound {
        lowest = bounds.lowest
        highest = bounds.highest
    }
}
