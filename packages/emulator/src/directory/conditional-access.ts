/**
 * Conditional Access policies, as far as the emulator evaluates them: who asks, what for, and whether that is blocked or
 * takes a second factor, which nobody here has.
 *
 * @see https://learn.microsoft.com/graph/api/resources/conditionalaccesspolicy
 */

/** Names with exceptions. */
export interface Selection {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** A policy that is enabled. */
export interface ConditionalAccessPolicy {
  readonly id: string;
  readonly displayName: string;
  /** Object ids, or `ServicePrincipalsInMyTenant`; `undefined` when the policy is not about applications. */
  readonly servicePrincipals: Selection | undefined;
  /** Object ids or user principal names, or `All`; `undefined` when the policy is not about users. */
  readonly users: Selection | undefined;
  /** Client ids of APIs, or `All`. */
  readonly applications: Selection;
  readonly control: "block" | "mfa";
}
