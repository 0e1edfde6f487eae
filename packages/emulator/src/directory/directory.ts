/**
 * The directory: tenants with their users, groups, applications and service principals. Plain data in maps, so that
 * a snapshot is a copy and a reset is an assignment. Application and service principal are two objects, as in Entra.
 */
import type { Mailbox } from "../mailbox/mailbox.ts";
import type { ConditionalAccessPolicy } from "./conditional-access.ts";

/** A public certificate (or other key) registered on an application, in one neutral form. */
export interface KeyCredential {
  readonly keyId: string;
  /** As given by the caller; never used to authenticate (the thumbprints are computed from `der`). */
  readonly customKeyIdentifier: string | undefined;
  readonly displayName: string | undefined;
  readonly type: string;
  readonly usage: string;
  /** DER of the certificate. */
  readonly der: Uint8Array;
  /** Validity shown by the credential, milliseconds since 1970. */
  readonly startAtMs: number;
  readonly endAtMs: number;
}

/** A client secret. Only a SHA-256 digest is kept. */
export interface PasswordCredential {
  readonly keyId: string;
  readonly displayName: string | undefined;
  /** First three characters. */
  readonly hint: string;
  readonly secretSha256: string;
  readonly startAtMs: number;
  readonly endAtMs: number;
}

/** One entry of requiredResourceAccess. */
export interface RequiredResourceAccess {
  readonly resourceAppId: string;
  readonly resourceAccess: readonly { readonly id: string; readonly type: "Scope" | "Role" }[];
}

/** An app role that an API offers. */
export interface AppRole {
  readonly id: string;
  readonly value: string;
  readonly displayName: string;
  readonly description: string;
  readonly allowedMemberTypes: readonly string[];
  readonly isEnabled: boolean;
}

/** A delegated permission that an API offers. */
export interface PermissionScope {
  readonly id: string;
  readonly value: string;
  readonly adminConsentDisplayName: string;
  readonly isEnabled: boolean;
  readonly type: "User" | "Admin";
}

/** Why Graph no longer takes the tokens of a client that handles revocation. */
export interface TokenRevocation {
  /** `revoked` and `outdatedPolicies`: a new token is good. `location`: none is, until the revocation is lifted. */
  readonly reason: "revoked" | "outdatedPolicies" | "location";
  /** Tokens issued up to the second of this instant are refused; milliseconds since 1970 UTC. */
  readonly atMs: number;
}

/** A policy that says how long access and id tokens live (Graph `tokenLifetimePolicy`). */
export interface TokenLifetimePolicy {
  readonly id: string;
  readonly displayName: string;
  readonly description: string | undefined;
  /** One text that holds JSON. */
  readonly definition: readonly string[];
  readonly isOrganizationDefault: boolean;
  /** Read from the definition; `undefined` when that sets none. */
  readonly accessTokenLifetimeSeconds: number | undefined;
  /** Object ids of applications and service principals. */
  readonly appliesTo: readonly string[];
}

/** The registration (Graph `application`). `properties` holds every member that has no meaning here, verbatim. */
export interface Application {
  readonly id: string;
  readonly appId: string;
  displayName: string;
  signInAudience: string;
  identifierUris: string[];
  redirectUris: { readonly uri: string; readonly type: "Web" | "Spa" | "InstalledClient" }[];
  isFallbackPublicClient: boolean;
  requestedAccessTokenVersion: 1 | 2 | null;
  requiredResourceAccess: RequiredResourceAccess[];
  appRoles: AppRole[];
  permissionScopes: PermissionScope[];
  keyCredentials: KeyCredential[];
  passwordCredentials: PasswordCredential[];
  readonly createdAtMs: number;
  properties: Record<string, unknown>;
}

/** The application's account in a tenant (Graph `servicePrincipal`). */
export interface ServicePrincipal {
  readonly id: string;
  readonly appId: string;
  displayName: string;
  accountEnabled: boolean;
  appRoleAssignmentRequired: boolean;
  /** `Application` for registrations, also for Microsoft's own APIs. */
  servicePrincipalType: string;
  servicePrincipalNames: string[];
  appRoles: AppRole[];
  permissionScopes: PermissionScope[];
  keyCredentials: KeyCredential[];
  passwordCredentials: PasswordCredential[];
  revocation?: TokenRevocation | undefined;
  properties: Record<string, unknown>;
}

/** An application permission that was granted. */
export interface AppRoleAssignment {
  readonly id: string;
  /** Object id of the service principal (or user, group) that has the role. */
  readonly principalId: string;
  readonly principalType: "ServicePrincipal" | "User" | "Group";
  /** Object id of the service principal of the API. */
  readonly resourceId: string;
  readonly appRoleId: string;
  readonly createdAtMs: number;
}

/** Delegated permissions that were granted. */
export interface OAuth2PermissionGrant {
  readonly id: string;
  readonly clientId: string;
  readonly consentType: "AllPrincipals" | "Principal";
  readonly principalId: string | undefined;
  readonly resourceId: string;
  scope: string;
}

/** A user account; rooms and year groups of a school are users too. */
export interface User {
  readonly id: string;
  userPrincipalName: string;
  displayName: string;
  mail: string | undefined;
  password: string | undefined;
  accountEnabled: boolean;
  /** IANA or Windows zone of the mailbox. */
  timeZone: string;
  /** Directory roles by display name, for example `Global Administrator`. */
  roles: string[];
  /** Absent when the user has no mailbox. */
  mailbox: Mailbox | undefined;
  revocation?: TokenRevocation | undefined;
  /** What makes the mailbox a room, in Graph's spelling: capacity, building and the like. */
  place?: Readonly<Record<string, unknown>> | undefined;
  properties: Record<string, unknown>;
}

/** A group. */
export interface Group {
  readonly id: string;
  displayName: string;
  mailNickname: string;
  mail: string | undefined;
  groupTypes: string[];
  owners: string[];
  members: string[];
  readonly createdAtMs: number;
  deletedAtMs: number | undefined;
  properties: Record<string, unknown>;
}

/** One directory. Maps are keyed by object id, or by what their name says. */
export interface Tenant {
  readonly tenantId: string;
  displayName: string;
  /** Verified domains, lower case, the default one first. */
  domains: string[];
  readonly users: Map<string, User>;
  readonly groups: Map<string, Group>;
  readonly applications: Map<string, Application>;
  readonly servicePrincipals: Map<string, ServicePrincipal>;
  readonly appRoleAssignments: Map<string, AppRoleAssignment>;
  readonly oauth2PermissionGrants: Map<string, OAuth2PermissionGrant>;
  /** By id; absent while there are none. */
  tokenLifetimePolicies?: Map<string, TokenLifetimePolicy> | undefined;
  /** Those that are enabled; absent while there are none. */
  conditionalAccessPolicies?: readonly ConditionalAccessPolicy[] | undefined;
  /** Certificate authorities that subject-name/issuer sign-in trusts, DER by the id that applications name. */
  readonly certificateAuthorities?: ReadonlyMap<string, readonly Uint8Array[]> | undefined;
}

/** Everything the emulator remembers. */
export interface World {
  readonly tenants: Map<string, Tenant>;
}
