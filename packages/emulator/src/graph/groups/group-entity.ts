/** Groups as Graph shows them. */
import type { Group } from "../../directory/directory.ts";
import { formatInstant } from "../events/event-entity.ts";
import type { EntityType } from "../odata/entity.ts";

/** Members without a meaning here, with what the service shows when nobody set them. */
const PLAIN_DEFAULTS: Readonly<Record<string, unknown>> = {
  classification: null,
  description: null,
  expirationDateTime: null,
  isAssignableToRole: null,
  membershipRule: null,
  membershipRuleProcessingState: null,
  onPremisesDomainName: null,
  onPremisesLastSyncDateTime: null,
  onPremisesNetBiosName: null,
  onPremisesProvisioningErrors: [],
  onPremisesSamAccountName: null,
  onPremisesSecurityIdentifier: null,
  onPremisesSyncEnabled: null,
  preferredDataLocation: null,
  preferredLanguage: null,
  proxyAddresses: [],
  resourceBehaviorOptions: [],
  resourceProvisioningOptions: [],
  securityIdentifier: null,
  serviceProvisioningErrors: [],
  theme: null,
  uniqueName: null,
};

/** Settings of the group's mailbox: only by a later PATCH, shown only on request. */
export const EXCHANGE_DEFAULTS: Readonly<Record<string, unknown>> = {
  allowExternalSenders: false,
  autoSubscribeNewMembers: false,
  hideFromAddressLists: false,
  hideFromOutlookClients: false,
  isSubscribedByMail: false,
  unseenCount: 0,
};

/** The entity type `group`. */
export const GROUP_TYPE: EntityType<Group> = {
  name: "microsoft.graph.group",
  always: [],
  onRequest: new Set([
    ...Object.keys(EXCHANGE_DEFAULTS),
    "hasMembersWithLicenseErrors",
    "isArchived",
    "assignedLicenses",
  ]),
  // Named here so that delta queries may select them; lists of groups say who they are.
  expansions: { members: () => undefined, owners: () => undefined },
  properties: {
    id: (group) => group.id,
    deletedDateTime: (group) => (group.deletedAtMs === undefined ? null : formatInstant(group.deletedAtMs)),
    createdDateTime: (group) => formatInstant(group.createdAtMs).replace(/\.\d+Z$/, "Z"),
    displayName: (group) => group.displayName,
    groupTypes: (group) => group.groupTypes,
    mail: (group) => group.mail ?? null,
    mailEnabled: (group) => group.properties["mailEnabled"] ?? group.groupTypes.includes("Unified"),
    mailNickname: (group) => group.mailNickname,
    renewedDateTime: (group) => formatInstant(group.createdAtMs).replace(/\.\d+Z$/, "Z"),
    securityEnabled: (group) => group.properties["securityEnabled"] ?? !group.groupTypes.includes("Unified"),
    visibility: (group) =>
      group.properties["visibility"] ?? (group.groupTypes.includes("Unified") ? "Public" : null),
    ...Object.fromEntries(
      Object.entries({
        ...PLAIN_DEFAULTS,
        ...EXCHANGE_DEFAULTS,
        hasMembersWithLicenseErrors: false,
        isArchived: false,
        assignedLicenses: [],
      }).map(([name, fallback]) => [name, (group: Group) => group.properties[name] ?? fallback]),
    ),
  },
};
