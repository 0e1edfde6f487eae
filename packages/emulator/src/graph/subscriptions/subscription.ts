/** A subscription to changes, as it is stored. */

/** Plain data. */
export interface Subscription {
  readonly id: string;
  readonly applicationId: string;
  readonly creatorId: string;
  /** As it was sent: `users/{id}/events`. */
  readonly resource: string;
  /** Object id of the owner of the mailbox. */
  readonly ownerId: string;
  /** `created`, `updated`, `deleted`. */
  readonly changeTypes: readonly string[];
  readonly notificationUrl: string;
  readonly lifecycleNotificationUrl: string | undefined;
  readonly clientState: string | undefined;
  readonly latestSupportedTlsVersion: string;
  readonly includesImmutableIds: boolean;
  expiresAtMs: number;
  /** Change of the mailbox up to which everything was delivered. */
  deliveredSequence: number;
}
