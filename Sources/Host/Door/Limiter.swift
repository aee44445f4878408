// The seam between the door and whatever counts how often somebody comes.

import HostCaller

/// Budgets of callers, addresses and tools. Asked on event loops, from all of them at once, so it never blocks.
public protocol Limiter: AnyObject, Sendable {
    /// Whether somebody has used up a budget. Looks and takes nothing.
    ///
    /// - Parameters:
    ///   - address: The client's, seen through trusted proxies.
    ///   - principal: `nil` before credentials are looked at.
    func look(_ principal: Principal?, from address: String?) -> NotNow?

    /// Takes one call out of all budgets that it falls under, or out of none.
    ///
    /// - Returns: the budget that has no room for it.
    func take(_ principal: Principal, from address: String?, tool: String, pack: String) -> NotNow?
}
