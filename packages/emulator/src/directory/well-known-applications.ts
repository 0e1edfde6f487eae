/**
 * Microsoft's own applications that every tenant knows, with the permissions they offer.
 *
 * @see learn.microsoft.com/graph/permissions-reference for the permissions of Microsoft Graph
 */

/** A permission's name and GUID. */
type PermissionRow = readonly [value: string, id: string];

/** One of Microsoft's applications. */
export interface WellKnownApplication {
  readonly appId: string;
  readonly displayName: string;
  /** Names under which it can be asked for as a resource. */
  readonly servicePrincipalNames: readonly string[];
  /** Application permissions. */
  readonly appRoles: readonly PermissionRow[];
  /** Delegated permissions. */
  readonly scopes: readonly PermissionRow[];
}

/** Client id of Microsoft Graph. */
export const GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000";

/** Client id of Exchange Online. */
export const EXCHANGE_APP_ID = "00000002-0000-0ff1-ce00-000000000000";

/** Client id of the retired Azure AD Graph. */
export const AZURE_AD_GRAPH_APP_ID = "00000002-0000-0000-c000-000000000000";

/** Tenant that owns Microsoft's own applications. */
export const MICROSOFT_SERVICES_TENANT_ID = "f8cdef31-a31e-4b4a-93e4-5f571e91255a";

const GRAPH_APP_ROLES: readonly PermissionRow[] = [
  ["Calendars.Read", "798ee544-9d2d-430c-a058-570e29e34338"],
  ["Calendars.ReadWrite", "ef54d2bf-783f-4e0f-bca1-3210c0444d99"],
  ["Calendars.ReadBasic.All", "8ba4a692-bc31-4128-9094-475872af8a53"],
  ["Group.Read.All", "5b567255-7703-4780-807c-7be8301ae99b"],
  ["Group.ReadWrite.All", "62a82d76-70ea-41e2-9197-370581804d09"],
  ["Group.Create", "bf7b1a76-6e77-406b-b258-bf5c7720e98f"],
  ["GroupMember.Read.All", "98830695-27a2-44f7-8c18-0c3ebc9698f6"],
  ["GroupMember.ReadWrite.All", "dbaae8cf-10b5-4b86-a4a1-f871c94c6695"],
  ["User.Read.All", "df021288-bdef-4463-88db-98f22de89214"],
  ["User.ReadBasic.All", "97235f07-e226-4f63-ace3-39588e11d3a1"],
  ["User.ReadWrite.All", "741f803b-c850-494e-b5df-cde7c675a1ca"],
  ["Application.Read.All", "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30"],
  ["Application.ReadWrite.OwnedBy", "18a4783c-866b-4cc7-a460-3d5e5662c884"],
  ["Application.ReadWrite.All", "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9"],
  ["AppRoleAssignment.ReadWrite.All", "06b708a9-e830-4db3-a914-8e69da51d44f"],
  ["Directory.Read.All", "7ab1d382-f21e-4acd-a863-ba3e13f7da61"],
  ["Directory.ReadWrite.All", "19dbc75e-c2e2-444c-a770-ec69d8559fc7"],
  ["Mail.Read", "810c84a8-4a9e-49e6-bf7d-12d183f40d01"],
  ["Mail.ReadBasic", "6be147d2-ea4f-4b5a-a3fa-3eab6f3c140a"],
  ["Mail.ReadBasic.All", "693c5e45-0940-467d-9b8a-1022fb9d42ef"],
  ["Mail.ReadWrite", "e2a3a72e-5f79-4c64-b1b1-878b674786c9"],
  ["Mail.Send", "b633e1c5-b582-4048-a93e-9f11b44c7e96"],
  ["MailboxSettings.Read", "40f97065-369a-49f4-947c-6a255697ae91"],
  ["MailboxSettings.ReadWrite", "6931bccd-447a-43d1-b442-00a195474933"],
  ["Contacts.Read", "089fe4d0-434a-44c5-8827-41ba8a0b17f5"],
  ["Contacts.ReadWrite", "6918b873-d17a-4dc1-b314-35f528134491"],
  ["People.Read.All", "b528084d-ad10-4598-8b93-929746b4d7d6"],
  ["Place.Read.All", "913b9306-0ce1-42b8-9137-6a7df690a760"],
  ["OnlineMeetings.Read.All", "c1684f21-1984-47fa-9d61-2dc8c296bb70"],
  ["OnlineMeetings.ReadWrite.All", "b8bb2037-6e08-44ac-a4ea-4674e010e2a4"],
  ["Schedule.Read.All", "7b2ebf90-d836-437f-b90d-7b62722c4456"],
  ["Schedule.ReadWrite.All", "b7760610-0545-4e8a-9ec3-cce9e63db01c"],
  ["Bookings.Read.All", "6e98f277-b046-4193-a4f2-6bf6a78cd491"],
  ["Presence.Read.All", "a70e0c2d-e793-494c-94c4-118fa0a67f42"],
  ["Tasks.Read.All", "f10e1f91-74ed-437f-a6fd-d6ae88e26c1f"],
  ["Tasks.ReadWrite.All", "44e666d1-d276-445b-a5fc-8815eeb81d55"],
  ["Files.Read.All", "01d4889c-1287-42c6-ac1f-5d1e02578ef6"],
  ["Files.ReadWrite.All", "75359482-378d-4052-8f01-80520e7db3cd"],
  ["Sites.Read.All", "332a536c-c7ef-4017-ab91-336970924f0d"],
  ["Sites.ReadWrite.All", "9492366f-7969-46a4-8d15-ed1a20078fff"],
  ["Sites.Selected", "883ea226-0bf2-4a8f-9f9d-92c9162a727d"],
  ["Sites.FullControl.All", "a82116e5-55eb-4c41-a434-62fe8a61c773"],
  ["AuditLog.Read.All", "b0afded3-3588-46d8-8b3d-9842eff778da"],
  ["Reports.Read.All", "230c1aed-a721-4c5d-9cb4-a90514e508ef"],
  ["Organization.Read.All", "498476ce-e0fe-48b0-b801-37ba7e2685c6"],
  ["Domain.Read.All", "dbb9058a-0e50-45d7-ae91-66909b5d4664"],
  ["Device.Read.All", "7438b122-aefc-4978-80ed-43db9fcc7715"],
  ["Policy.Read.All", "246dd0d5-5bd0-4def-940b-0421030a5b68"],
  ["Policy.ReadWrite.ApplicationConfiguration", "be74164b-cff1-491c-8741-e671cb536e13"],
  ["RoleManagement.Read.Directory", "483bed4a-2ad3-4361-a73b-c83ccdbdc53c"],
  ["RoleManagement.ReadWrite.Directory", "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8"],
  ["DelegatedPermissionGrant.ReadWrite.All", "8e8e4742-1d95-4f68-9d56-6ee75648c72a"],
  ["IdentityRiskyServicePrincipal.Read.All", "607c7344-0eed-41e5-823a-9695ebe1b7b0"],
];

const GRAPH_SCOPES: readonly PermissionRow[] = [
  ["openid", "37f7f235-527c-4136-accd-4a02d197296e"],
  ["profile", "14dad69e-099b-42c9-810b-d002981feec1"],
  ["email", "64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0"],
  ["offline_access", "7427e0e9-2fba-42fe-b0c0-848c9e6a8182"],
  ["User.Read", "e1fe6dd8-ba31-4d61-89e7-88639da4683d"],
  ["User.Read.All", "a154be20-db9c-4678-8ab7-66f6cc099a59"],
  ["User.ReadWrite", "b4e74841-8e56-480b-be8b-910348b18b4c"],
  ["Calendars.Read", "465a38f9-76ea-45b9-9f34-9e8b0d4b0b42"],
  ["Calendars.ReadWrite", "1ec239c2-d7c9-4623-a91a-a9775856bb36"],
  ["Calendars.ReadBasic", "662d75ba-a364-42ad-adee-f5f880ea4878"],
  ["Calendars.Read.Shared", "2b9c4092-424d-4249-948d-b43879977640"],
  ["Calendars.ReadWrite.Shared", "12466101-c9b8-439a-8589-dd09ee67e8e9"],
  ["Group.Read.All", "5f8c59db-677d-491f-a6b8-5f174b11ec1d"],
  ["Group.ReadWrite.All", "4e46008b-f24c-477d-8fff-7bb4ec7aafe0"],
  ["Mail.Read", "570282fd-fa5c-430d-a7fd-fc8dc98a9dca"],
  ["Mail.ReadWrite", "024d486e-b451-40bb-833d-3e66d98c5c73"],
  ["Mail.Send", "e383f46e-2787-4529-855e-0e479a3ffac0"],
  ["Contacts.Read", "ff74d97f-43af-4b68-9f2a-b77ee6968c5d"],
  ["Contacts.ReadWrite", "d56682ec-c09e-4743-aaf4-1a3aac4caa21"],
  ["MailboxSettings.Read", "87f447af-9fa4-4c32-9dfa-4a57a73d18ce"],
  ["MailboxSettings.ReadWrite", "818c620a-27a9-40bd-a6a5-d96f7d610b4b"],
  ["Directory.Read.All", "06da0dbc-49e2-44d2-8312-53f166ab848a"],
  ["Directory.ReadWrite.All", "c5366453-9fb0-48a5-a156-24f0c49a4b84"],
  ["Directory.AccessAsUser.All", "0e263e50-5827-48a4-b97c-d940288653c7"],
  ["Application.Read.All", "c79f8feb-a9db-4090-85f9-90d820caa0eb"],
  ["Application.ReadWrite.All", "bdfbf15f-ee85-4955-8675-146e8e5296b5"],
  ["EWS.AccessAsUser.All", "9769c687-087d-48ac-9cb3-c37dde652038"],
  ["IMAP.AccessAsUser.All", "652390e4-393a-48de-9484-05f9b1212954"],
  ["POP.AccessAsUser.All", "d7b7f2d9-0f45-4ea1-9d42-e50810c06991"],
  ["SMTP.Send", "258f6531-6087-4cc4-bb90-092c5fb3ed3f"],
];

/** The service principals that every tenant has. */
export const WELL_KNOWN_APPLICATIONS: readonly WellKnownApplication[] = [
  {
    appId: GRAPH_APP_ID,
    displayName: "Microsoft Graph",
    servicePrincipalNames: [
      "https://graph.microsoft.com",
      "https://graph.microsoft.us",
      "https://dod-graph.microsoft.us",
      "https://microsoftgraph.chinacloudapi.cn",
    ],
    appRoles: GRAPH_APP_ROLES,
    scopes: GRAPH_SCOPES,
  },
  {
    appId: EXCHANGE_APP_ID,
    displayName: "Office 365 Exchange Online",
    servicePrincipalNames: [
      "https://outlook.office365.com",
      "https://outlook.office.com",
      "https://outlook.office365.us",
      "https://outlook-dod.office365.us",
      "https://partner.outlook.cn",
      "https://ps.outlook.com",
    ],
    appRoles: [
      ["full_access_as_app", "dc890d15-9560-4a4c-9b7f-a736ec74ec40"],
      ["Exchange.ManageAsApp", "dc50a0fb-09a3-484d-be87-e023b12c6440"],
      ["IMAP.AccessAsApp", "5e5addcd-3e8d-4e90-baf5-964efab2b20a"],
      ["POP.AccessAsApp", "cb842b43-da6e-4506-86fe-bb12199c656d"],
      ["SMTP.SendAsApp", "7146a1f0-8703-45b3-9eae-527a64c00995"],
    ],
    scopes: [["EWS.AccessAsUser.All", "3b5f3d61-589b-4a3c-a359-5dd4b5ee5bd5"]],
  },
  {
    appId: AZURE_AD_GRAPH_APP_ID,
    displayName: "Windows Azure Active Directory",
    servicePrincipalNames: [
      "https://graph.windows.net",
      "https://graph.microsoftazure.us",
      "https://graph.chinacloudapi.cn",
    ],
    appRoles: [],
    scopes: [["User.Read", "311a71cc-e848-46a1-bdf8-97ff7156d8e6"]],
  },
  {
    appId: "00000003-0000-0ff1-ce00-000000000000",
    displayName: "Office 365 SharePoint Online",
    servicePrincipalNames: ["https://microsoft.sharepoint-df.com"],
    appRoles: [["Sites.FullControl.All", "678536fe-1083-478a-9c59-b99265e6b0d3"]],
    scopes: [],
  },
  {
    appId: "797f4846-ba00-4fd7-ba43-dac1f8f63013",
    displayName: "Windows Azure Service Management API",
    servicePrincipalNames: [
      "https://management.azure.com",
      "https://management.core.windows.net",
      "https://management.usgovcloudapi.net",
      "https://management.core.usgovcloudapi.net",
      "https://management.chinacloudapi.cn",
      "https://management.core.chinacloudapi.cn",
    ],
    appRoles: [],
    scopes: [],
  },
  {
    appId: "cfa8b339-82a2-471a-a3c9-0fc0be7a4093",
    displayName: "Azure Key Vault",
    servicePrincipalNames: [
      "https://vault.azure.net",
      "https://vault.usgovcloudapi.net",
      "https://vault.azure.cn",
    ],
    appRoles: [],
    scopes: [],
  },
  {
    appId: "e406a681-f3d4-42a8-90b6-c2b029497af1",
    displayName: "Azure Storage",
    servicePrincipalNames: ["https://storage.azure.com"],
    appRoles: [],
    scopes: [],
  },
  {
    appId: "c5393580-f805-4401-95e8-94b7a6ef2fc2",
    displayName: "Office 365 Management APIs",
    servicePrincipalNames: ["https://manage.office.com"],
    appRoles: [],
    scopes: [],
  },
  {
    appId: "fb60f99c-7a34-4190-8149-302f77469936",
    displayName: "AAD Token Exchange Endpoint",
    servicePrincipalNames: [
      "api://AzureADTokenExchange",
      "api://AzureADTokenExchangeUSGov",
      "api://AzureADTokenExchangeChina",
    ],
    appRoles: [],
    scopes: [],
  },
];

const WELL_KNOWN_IDS: ReadonlySet<string> = new Set(WELL_KNOWN_APPLICATIONS.map(({ appId }) => appId));

/**
 * Tells whether an application is one of Microsoft's own.
 *
 * @param appId - client id, lower case
 * @returns true for the applications of this file
 */
export function isMicrosofts(appId: string): boolean {
  return WELL_KNOWN_IDS.has(appId);
}
