/** What stands behind certificates, keys and PFX files that cannot be read, and behind programs called the wrong way. */
import type { MessageRow } from "./connection-rows.ts";

/** By the message of `recognise/key-message.ts`. */
export const KEY_ROWS: Readonly<Record<string, MessageRow>> = {
  fileMissing: [
    "FILE_MISSING",
    "The certificate or key is not where the program looks: a relative path counts from the directory in which the process was started, a service or container has another file system, and Cert:\\CurrentUser is another one for each account.",
    "Give the absolute path as the account and container that runs the program sees it.",
    ["ls -l <path>"],
  ],
  fileDenied: [
    "FILE_MISSING",
    "The file of certificate or key may not be read by the account that runs the program, or the path names a directory.",
    "Give the path of the file itself, and the right to read it to that account alone.",
    ["ls -l <path>", "chmod 600 key.pem && chown <account> key.pem"],
  ],
  keysDiffer: [
    "KEY_MISMATCH",
    "The private key is not the one of this certificate: key and certificate come from different runs, or the chain's first certificate is not the leaf.",
    "Compare the two public keys; put the certificate first that belongs to the key.",
    [
      "openssl x509 -in cert.pem -noout -pubkey | openssl sha256",
      "openssl pkey -in key.pem -pubout | openssl sha256",
    ],
  ],
  keyPassphraseMissing: [
    "KEY_PASSPHRASE_WRONG",
    "The private key is encrypted and the program was given no passphrase (or has no option for one).",
    "Give the passphrase, or decrypt the key once into a file that only the program's account may read.",
    ["openssl pkey -in key.pem -out plain.pem"],
  ],
  keyPassphraseNeedless: [
    "CONFIGURATION_MALFORMED",
    "A passphrase was given and the key is not encrypted; the library takes that for a mistake.",
    "Leave the passphrase out (None, not an empty text).",
  ],
  keyPassphraseWrong: [
    "KEY_PASSPHRASE_WRONG",
    "The passphrase does not open the private key: a typing error, a line break at its end from a file or variable, or another encoding of letters outside ASCII.",
    "Try it by hand.",
    ["openssl pkey -in key.pem -noout"],
  ],
  certificateNotRead: [
    "CLIENT_KEY_UNREADABLE",
    "What was given is no certificate in a form that the library reads: a path in place of the content (or the other way round), PEM or base64 text where bytes are wanted, a private key or PKCS#7 file, base64 with blanks, or an empty variable.",
    "Look at the first bytes: BEGIN CERTIFICATE for PEM, MII… for base64 of DER or PFX; decode base64 before it is given to the constructor.",
    ["head -c 40 app.pfx | od -c | head -3", "openssl pkcs12 -in app.pfx -noout"],
  ],
  keyStoreProfile: [
    "CLIENT_KEY_UNREADABLE",
    "Windows could not put the key of the PFX into a key store: the account has no loaded profile (IIS pools, services, App Service), may not write there, or the file is damaged.",
    "Load the PFX with X509KeyStorageFlags.EphemeralKeySet or MachineKeySet, or set WEBSITE_LOAD_USER_PROFILE=1 (App Service) or Load User Profile (IIS).",
  ],
};

/** By the message of `recognise/program-message.ts`. */
export const PROGRAM_ROWS: Readonly<Record<string, MessageRow>> = {
  argumentEmpty: [
    "CONFIGURATION_INCOMPLETE",
    "The value is empty where the command runs: a variable that was not filled, has another name, or was set in another session.",
    "Print the variable right before the command.",
  ],
  parametersClash: [
    "CONFIGURATION_MALFORMED",
    "The parameters do not belong together: each way of signing in has its own set (a secret, a thumbprint, or a file with its password, always with client id and tenant), and one is missing or one of another set was added.",
    "Take exactly one set.",
    ["Get-Help <command> -Parameter * | Format-Table name, parameterSetName"],
  ],
  libraryMissing: [
    "CLIENT_MODULE",
    "The module is not installed for the program and account that run the script (another PowerShell, another virtual environment), or is of a version that does not have this name.",
    "Install it there, and look at which version is loaded.",
    [
      "Get-Module -ListAvailable Microsoft.Graph*, ExchangeOnlineManagement, PnP.PowerShell, Az.Accounts",
      "python3 -m pip show msal azure-identity",
    ],
  ],
  libraryClash: [
    "CLIENT_MODULE",
    "Two versions of the same library met in one process, and the older one was loaded first: modules of PowerShell (Az, Graph, ExchangeOnlineManagement, PnP) each bring their own MSAL and Azure.Core; in .NET and Java a dependency pulls in another version.",
    "Use one module per process (load the one with the newest library first), bring all to their present versions, and look at which version is loaded.",
    [
      "[AppDomain]::CurrentDomain.GetAssemblies() | Where-Object Location -match 'Identity|Azure.Core' | Select-Object FullName, Location",
      "mvn dependency:tree -Dincludes=com.microsoft.azure,com.nimbusds",
    ],
  ],
  notLoggedIn: [
    "CONFIGURATION_INCOMPLETE",
    "Nobody is signed in for the account under which the program runs, or the sign-in has run out: the cache of the command line is one user's own, and a service, a container or sudo does not see it.",
    "Sign in as that account, without user by a certificate.",
    ["az login --service-principal -u <client id> --certificate both.pem -t <tenant id>"],
  ],
  defaultCredentialNothing: [
    "CONFIGURATION_INCOMPLETE",
    "The library tried its ways of signing in one after the other and none could be used; the list in the message says for each one why. Mostly the environment variables are not set in this process, or values of a provider are not known yet when it starts.",
    "Choose the one way that is meant, and set what it wants: tenant id, client id, and certificate or secret.",
    ["env | grep -E '^(AZURE|ARM)_' | cut -d= -f1"],
  ],
  terraformPfxName: [
    "PFX_UNREADABLE",
    "The provider goes by the name and the form of the file: it must end in .pfx, and be one that the PKCS#12 library of Go reads.",
    "Name it so, or give its base64 in ARM_CLIENT_CERTIFICATE.",
    ["mv certificate app.pfx"],
  ],
  managementCertificate: [
    "APPLICATION_CREDENTIAL_REFUSED",
    "The old service management interface of Azure knows certificates of a subscription, not of an application: this one is not registered there, or belongs to another subscription. The interface is retired.",
    "Use Azure Resource Manager with an application and its certificate.",
  ],
  vaultDenied: [
    "AZURE_ROLE_MISSING",
    "The sign-in succeeded. The identity may not do this in the vault or the storage account: an access policy (secret get, certificate get) or a data role (Key Vault Secrets User, Storage Blob Data Reader) is missing; Owner and Contributor do not include them.",
    "Give the role or policy to the object id of the service principal or managed identity, and wait some minutes.",
    [
      "az role assignment create --assignee <object id> --role 'Key Vault Secrets User' --scope <id of the vault>",
      "az keyvault set-policy -n <vault> --object-id <object id> --secret-permissions get",
    ],
  ],
  vaultFirewall: [
    "CLIENT_NETWORK",
    "The sign-in succeeded. The firewall of the vault does not know the address that the call comes from.",
    "Add the address or the network to the vault's firewall, or use its private endpoint.",
    ["az keyvault network-rule add -n <vault> --ip-address <address>"],
  ],
  vaultIssuer: [
    "API_ISSUER_REFUSED",
    "The token comes from another tenant than the one to which the vault or the subscription belongs.",
    "Ask for the token in the tenant of the subscription.",
    ["az account show --query tenantId"],
  ],
  vaultAudience: [
    "TOKEN_AUDIENCE",
    "The token is for another API: a vault wants https://vault.azure.net, Azure Resource Manager https://management.azure.com.",
    "Ask for a token with the scope of the API that is called.",
    ["az account get-access-token --resource https://vault.azure.net"],
  ],
  dataverseUser: [
    "APPLICATION_NOT_ASSIGNED",
    "The token is good, and the application has no user in this environment: Dataverse (Dynamics 365) and Business Central keep a list of their own.",
    "Add the client id as application user in the environment, with a security role.",
    [
      "pac admin create-service-principal --environment <environment>",
      "pac admin assign-user --environment <environment> --user <client id> --role 'System Administrator' --application-user",
    ],
  ],
  sharePointPassword: [
    "SHAREPOINT_PASSWORD_OFF",
    "The program signs in to SharePoint with a user name and a password in the old way (IDCRL). Tenants refuse that where legacy authentication is off, a second factor is wanted, or users come from another identity provider.",
    "Register an application with a certificate and the application permission of SharePoint.",
    [
      "Connect-PnPOnline -Url https://<tenant>.sharepoint.com -ClientId <client id> -Tenant <tenant id> -CertificatePath app.pfx",
    ],
  ],
  sharePointDenied: [
    "API_REFUSED_UNSAID",
    "SharePoint knows the caller and does not let it: an application needs a permission of SharePoint itself (Sites.FullControl.All, or Sites.Selected with a grant on this site) and a token that was obtained with a certificate; a user needs rights on the site.",
    "Look at aud and roles in the token; consent to the permission of SharePoint, not to the one of Graph.",
  ],
  exchangeSession: [
    "EXCHANGE_ROLE_MISSING",
    "Exchange took the token and gives no session: the service principal has no directory role (Exchange Administrator and the like), Exchange.ManageAsApp is not consented to, or -DelegatedOrganization was given, which does not go with app-only sign-in.",
    "Assign the role to the service principal, leave -DelegatedOrganization out, give -Organization as <name>.onmicrosoft.com, and connect anew.",
  ],
  brokerFailed: [
    "USER_SIGN_IN_NEEDED",
    "The broker of Windows (WAM) was to sign a user in and could not: there is no desktop session for this account (a service, a task, RunAs, a remote shell), or the account of the device is out of order.",
    "Sign in without the broker, or without user by a certificate.",
    [
      "Connect-ExchangeOnline -DisableWAM",
      "Connect-ExchangeOnline -AppId <client id> -CertificateThumbprint <thumbprint> -Organization <name>.onmicrosoft.com",
    ],
  ],
  exchangeVersion: [
    "CLIENT_MODULE",
    "The module is of a version that still uses remote PowerShell with Basic; Exchange Online takes that no longer.",
    "Take version 3 of ExchangeOnlineManagement.",
    ["Install-Module ExchangeOnlineManagement -Force"],
  ],
  additionalTenant: [
    "CONFIGURATION_MALFORMED",
    "The API that is called belongs to another tenant than the one of the credential, and the library asks at foreign tenants only when that was allowed. Mostly the tenant id in the configuration is not the one of the subscription or vault.",
    "Give the tenant id of the resource; or add it to AdditionallyAllowedTenants and have the application in that tenant too.",
    ["az account show --query tenantId"],
  ],
  wcfForbidden: [
    "APPLICATION_NOT_ASSIGNED",
    "The service knows the token and lets the caller not in, and the SOAP client threw the reason away: in Dataverse the application has no user in the environment (or no security role), or may not use it at all.",
    "Add the client id as application user with a security role; look at the body of the answer with a proxy for the reason.",
    [
      "pac admin assign-user --environment <environment> --user <client id> --role 'System Administrator' --application-user",
    ],
  ],
  userWanted: [
    "USER_SIGN_IN_NEEDED",
    "The library was asked for a token without showing a page, and has none for this user, authority and scope: the cache lives in the memory of a process that was restarted while the cookie stayed, belongs to another authority or application, was never filled, or the service wants the user to answer a page (consent, second factor, a new password).",
    "Catch the exception and start an interactive sign-in with its claims; keep the cache in a store that all processes share. A program without user asks by client credentials.",
  ],
  federatedAnswer: [
    "USER_PASSWORD_FLOW",
    "The program signs a user in with name and password. That depends on where the user comes from: a federated domain answers through its own server (AD FS), a guest or a personal account cannot do it at all, and a second factor ends it.",
    "Use an application with a certificate where no user is there; with a user, an interactive sign-in or the device code.",
  ],
  authorityUnknown: [
    "CLIENT_AUTHORITY_UNREACHABLE",
    "The library does not accept the authority: it is no https address with a tenant, or a host that Microsoft's list does not have (B2C, CIAM, AD FS, a test server) and that was not named as known.",
    "Write https://login.microsoftonline.com/<tenant id>; name other hosts in knownAuthorities (or disableInstanceDiscovery, WithAuthority(…, validateAuthority: false)).",
  ],
  connectThrown: [
    "CLIENT_KEY_UNREADABLE",
    "The sentence hides what went wrong. With a thumbprint or a certificate file it is mostly the key: one of a CNG provider that the old framework does not reach, a wrong password of the PFX, or a certificate without its key.",
    "Print the inner exception; make the certificate with New-PnPAzureCertificate (or -KeySpec Signature and the older provider) and register that.",
    ["$Error[0].Exception.InnerException | Format-List * -Force"],
  ],
  dataversePrivilege: [
    "APPLICATION_NOT_ASSIGNED",
    "The token is good and the caller is a user of the environment; its security role lacks the privilege that the message names.",
    "Give the application user a security role with that privilege, in the business unit of the record.",
  ],
  powerBi: [
    "APPLICATION_NOT_ASSIGNED",
    "The token is good. Power BI lets service principals in only where its tenant settings allow them (for a group), and where the principal is a member of the workspace; permissions in Entra do not count.",
    "Switch on 'Service principals can use Fabric APIs' for a group with the service principal, and add it to the workspace.",
  ],
  tokenEmpty: [
    "REQUEST_NO_BEARER",
    "The client was given no access token: the function that should fetch it returned nothing (an answer that was not awaited, a refused token request whose error was passed over, a member with another name).",
    "Print what the token function returns, and look at the answer of the token endpoint before it.",
  ],
  devopsUser: [
    "APPLICATION_NOT_ASSIGNED",
    "The token is good, and the identity is no user of the Azure DevOps organisation, or has no rights there: DevOps keeps a list of its own.",
    "Add the service principal (or managed identity) as user of the organisation, with an access level and rights in the project.",
  ],
  devopsToken: [
    "TOKEN_AUDIENCE",
    "Azure DevOps does not take the token: it is for another API, or is no token of the organisation at all.",
    "Ask for a token of Azure DevOps.",
    ["az account get-access-token --resource 499b84ac-1321-427f-aa17-267ca6975798"],
  ],
  principalNotFound: [
    "GRAPH_RESOURCE_UNKNOWN",
    "The object id is not known in this tenant: it is that of the registration in place of its service principal, or the identity is only seconds old.",
    "Take the object id of the enterprise application; right after creating it wait a minute, and name the type of the principal.",
    ["az ad sp show --id <client id> --query id"],
  ],
  sharePointMalformed: [
    "API_REFUSED_UNSAID",
    "SharePoint (its old token service) could not read the request: the Authorization header is missing or holds no token, or the token was asked for with a scope that is not SharePoint's own host.",
    "Print what stands in the Authorization header, and ask for the token with the scope of the host.",
    ["scope=https://<tenant>.sharepoint.com/.default"],
  ],
  b2cSecret: [
    "APPLICATION_SECRET_WRONG",
    "Azure AD B2C does not take the secret: the application has no such key, the key belongs to another application, or none was sent.",
    "Make a secret under the application in the B2C tenant, and send its value as client_secret.",
  ],
  b2cRedirect: [
    "CONFIGURATION_MALFORMED",
    "The redirect address of the request is not registered with this application in the B2C tenant.",
    "Register the very address, under the platform of the client.",
  ],
  b2cGrant: [
    "USER_SIGN_IN_NEEDED",
    "The code or refresh token has run out, was used already, or was issued by another user flow than the one that is asked now.",
    "Sign in anew, and ask for tokens at the same policy that issued the code.",
  ],
  b2cConsent: [
    "APPLICATION_CONSENT_MISSING",
    "The scope is not one that this application may have: it is misspelled, not added under API permissions, or nobody has granted it.",
    "Add the scope of the API to the application in the B2C tenant, and grant consent.",
  ],
  b2cUser: [
    "USER_SIGN_IN_NEEDED",
    "The user left the page (cancelled, or asked to reset the password); B2C tells that to the application as an error.",
    "Handle the code: start the flow for a new password, or the sign-in anew.",
  ],
  grantRefused: [
    "USER_SIGN_IN_NEEDED",
    "invalid_grant is one word for many: the refresh token ran out or was withdrawn (a changed password, a rule on how often to sign in), the code was used already, or the user has to consent or give a second factor. The sentence behind it (AADSTS…) tells which.",
    "Print error_description and paste it here; most times the user has to sign in anew.",
  ],
  clientUnknown: [
    "APPLICATION_NOT_FOUND",
    "unauthorized_client: the tenant does not know the client id, or the application may not use this way of getting tokens. The sentence behind it (AADSTS700016 and its kin) tells which.",
    "Compare client id and tenant id with the registration; print error_description and paste it here.",
  ],
  scopeRefused: [
    "REQUEST_SCOPE_NOT_DEFAULT",
    "invalid_scope: the scope is misspelled, mixes two APIs, or is not <resource>/.default where an application asks without user.",
    "Send exactly one <resource>/.default.",
    ["scope=https://graph.microsoft.com/.default"],
  ],
  resourceRefused: [
    "REQUEST_RESOURCE_UNKNOWN",
    "invalid_resource: the API that was named is not known in this tenant.",
    "Name the API by its identifier URI or client id.",
  ],
};
