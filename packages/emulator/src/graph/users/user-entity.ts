/** Users as Graph shows them. */
import type { User } from "../../directory/directory.ts";
import type { EntityType, RenderProperty } from "../odata/entity.ts";

/** Properties that live in `user.properties` when somebody set them. */
const FURTHER = [
  "businessPhones",
  "givenName",
  "jobTitle",
  "mobilePhone",
  "officeLocation",
  "preferredLanguage",
  "surname",
] as const;

const ON_REQUEST = [
  "ageGroup",
  "assignedLicenses",
  "assignedPlans",
  "birthday",
  "city",
  "companyName",
  "country",
  "department",
  "employeeHireDate",
  "employeeId",
  "employeeType",
  "externalUserState",
  "faxNumber",
  "identities",
  "imAddresses",
  "lastPasswordChangeDateTime",
  "legalAgeGroupClassification",
  "mailNickname",
  "onPremisesDistinguishedName",
  "onPremisesExtensionAttributes",
  "onPremisesImmutableId",
  "onPremisesLastSyncDateTime",
  "onPremisesSamAccountName",
  "onPremisesSecurityIdentifier",
  "onPremisesSyncEnabled",
  "onPremisesUserPrincipalName",
  "otherMails",
  "passwordPolicies",
  "postalCode",
  "preferredDataLocation",
  "proxyAddresses",
  "securityIdentifier",
  "showInAddressList",
  "signInSessionsValidFromDateTime",
  "state",
  "streetAddress",
  "usageLocation",
] as const;

const COLLECTIONS = new Set([
  "businessPhones",
  "assignedLicenses",
  "assignedPlans",
  "identities",
  "imAddresses",
  "otherMails",
  "proxyAddresses",
]);

/** The entity type `user`. */
export const USER_TYPE: EntityType<User> = {
  name: "microsoft.graph.user",
  always: [],
  onRequest: new Set(["accountEnabled", "createdDateTime", "userType", ...ON_REQUEST]),
  expansions: {},
  properties: {
    ...fromProperties(["businessPhones"]),
    displayName: (user) => user.displayName,
    ...fromProperties(FURTHER.slice(1, 3)),
    mail: (user) => user.mail ?? null,
    ...fromProperties(FURTHER.slice(3)),
    userPrincipalName: (user) => user.userPrincipalName,
    id: (user) => user.id,
    accountEnabled: (user) => user.accountEnabled,
    createdDateTime: (user) => user.properties["createdDateTime"] ?? null,
    userType: (user) => user.properties["userType"] ?? "Member",
    ...fromProperties(ON_REQUEST),
    mailNickname: (user) => user.properties["mailNickname"] ?? user.userPrincipalName.split("@")[0],
  },
};

function fromProperties(names: readonly string[]): Record<string, RenderProperty<User>> {
  return Object.fromEntries(
    names.map((name) => [name, (user: User) => user.properties[name] ?? (COLLECTIONS.has(name) ? [] : null)]),
  );
}
