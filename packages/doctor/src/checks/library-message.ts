/**
 * Sentences of client libraries that stand for a mistake in the files given to them.
 */
import type { Finding } from "../finding.ts";
import { createFinding } from "../finding-table.ts";
import { allOf, type CaseFile } from "./case-file.ts";
import { CONNECTION_ROWS, type MessageRow } from "./connection-rows.ts";
import { KEY_ROWS, PROGRAM_ROWS } from "./key-rows.ts";

const ROWS: Readonly<Record<string, MessageRow>> = {
  ...CONNECTION_ROWS,
  ...KEY_ROWS,
  ...PROGRAM_ROWS,
  keyUnreadable: [
    "CLIENT_KEY_UNREADABLE",
    "The library was given something that is not a private key it can read. Behind this one sentence hide: a certificate (.cer, .crt) without its key, a key whose line breaks became \\n or were lost in an environment variable, a PFX or DER file in place of PEM, an encrypted key without passphrase, PKCS#1 where PKCS#8 is wanted.",
    "Look at the first line of what the program reads: it must say BEGIN PRIVATE KEY (or BEGIN RSA PRIVATE KEY) between five dashes on either side, and real line breaks must follow.",
    [
      "head -1 key.pem",
      "openssl pkey -in key.pem -noout",
      "openssl pkcs12 -in file.pfx -nodes -out both.pem",
    ],
  ],
  parameterUnknown: [
    "CLIENT_VERSION_OLD",
    "The command is of a version from before this parameter: signing in with a certificate came to ExchangeOnlineManagement with 2.0.3, managed identities and tokens with 3.0. An old copy that is found first hides a newer one.",
    "Install the present version, and see which one is loaded.",
    [
      "Install-Module ExchangeOnlineManagement -Force",
      "Get-Module ExchangeOnlineManagement -ListAvailable | Format-List Version, Path",
    ],
  ],
  mailRefused: [
    "MAIL_OAUTH_REFUSED",
    "Exchange got a token for IMAP, POP or SMTP and refuses it, and never says why. Without user these are needed, all of them: the application permission IMAP.AccessAsApp (POP.AccessAsApp, SMTP.SendAsApp) of Office 365 Exchange Online with consent; the service principal made known to Exchange, by the object id of the enterprise application (not that of the registration); rights on the mailbox for it; scope https://outlook.office365.com/.default. With a user: the delegated IMAP.AccessAsUser.All with a scope under https://outlook.office.com/, the same user in user=, and the protocol switched on for the mailbox.",
    "Look at roles (or scp) and aud in the token, then make the service principal known and give it the mailbox.",
    [
      "New-ServicePrincipal -AppId <client id> -ObjectId <object id of the enterprise application>",
      "Add-MailboxPermission -Identity <mailbox> -User <service principal id> -AccessRights FullAccess",
      "Get-CASMailbox <mailbox> | Format-List ImapEnabled, PopEnabled, SmtpClientAuthenticationDisabled",
    ],
  ],
  basicRefused: [
    "EXCHANGE_BASIC_OFF",
    "The request carries a user name and a password (Basic), and Exchange Online has switched that off for EWS, IMAP, POP and ActiveSync. The password may well be right.",
    "Sign in with OAuth: register an application with a certificate, and send a token with scope https://outlook.office365.com/.default. Exchange Server keeps Basic.",
    ["nightlatch cert create"],
  ],
  clientRefused: [
    "APPLICATION_CREDENTIAL_REFUSED",
    "The library gives one sentence for every invalid_client of the token endpoint: the client secret ran out or was mistyped, its id was taken for its value, the client id is of another application, or none was sent. The service's own answer (AADSTS7000222, AADSTS7000215, AADSTS700016) tells which.",
    "Look at the end date of the secret under Certificates & secrets; if the application is the provider's own, only the provider can renew it. Paste the error_description of the token endpoint for more.",
    ['az ad app show --id <client id> --query "passwordCredentials[].{name:displayName,end:endDateTime}"'],
  ],
  consentWanted: [
    "APPLICATION_CONSENT_MISSING",
    "The permissions that the application asks for may be granted by an administrator only, or users of this tenant may not consent at all. The same page comes when the service's own application changed, and the consent was given to another client id.",
    "Let an administrator open the consent page of the client id that stands in the address of this window.",
    ["https://login.microsoftonline.com/<tenant id>/adminconsent?client_id=<client id>"],
  ],
  federationServer: [
    "ADFS_REFUSED",
    "The answer comes from AD FS (codes that begin with MSIS), a server of the organisation itself, not from Entra. MSIS9612: the authorization code was used already, ran out, or went to another server of the farm. MSIS9605: the client was given no permission on the resource (application group). MSIS9622: the client's secret, certificate or assertion was not taken. MSIS9642: the resource or redirect address is not registered.",
    "Look at the application group in AD FS Management, and at the server's own event log (AD FS, Admin) by the time of the request; the code stands there with its reason.",
    [
      "Get-AdfsApplicationPermission",
      "Get-AdfsServerApplication | Format-List Name, Identifier, RedirectUri",
    ],
  ],
  managedIdentity: [
    "MANAGED_IDENTITY_MISSING",
    "The program asks the machine for a managed identity, and there is none: it does not run in Azure, no identity is assigned to this very resource (the virtual machine, the node pool, the app), the client id names one that is assigned elsewhere, or an older pod-identity set-up does not match.",
    "Assign the identity to the resource on which the program runs, name it by its client id, or sign in with a certificate.",
    [
      "az identity show -g <group> -n <identity> --query clientId",
      "az vm identity show -g <group> -n <machine>",
    ],
  ],
  credentialEmpty: [
    "CONFIGURATION_INCOMPLETE",
    "The library was started without one of its values: tenant id, client id, or the secret or certificate. Mostly an environment variable that is empty where the program runs, or has another name than the program reads.",
    "Print which of the variables are set in the process that fails (their names, not their values).",
    ["env | grep -iE 'azure|microsoft|entra|client|tenant' | cut -d= -f1"],
  ],
  retiredClient: [
    "RETIRED_AZURE_AD_GRAPH",
    "This library speaks to Azure AD Graph, not to Microsoft Graph: permissions of Microsoft Graph never counted there, and the API was switched off on 2025-08-31.",
    "Move the call to Microsoft Graph.",
  ],
  answerNotJson: [
    "CLIENT_ANSWER_NOT_JSON",
    "Something else, mostly a page in HTML, came where the library expects JSON. The address is wrong (the authorize endpoint for the token endpoint, a portal, a path that does not exist), a proxy or sign-in page answered in its place, or Graph was asked for a mailbox that it cannot reach, such as a personal one (outlook.com, hotmail.com) with a token of an application.",
    "Print the address that was really called and the first line of the answer.",
  ],
  authorityNotJson: [
    "CLIENT_AUTHORITY_UNREACHABLE",
    "The library asked the authority for its openid-configuration and got something that is no JSON: the authority is an address with a path too many (/oauth2/v2.0/token, /authorize), a tenant is missing in it, or a proxy answered with a page of its own.",
    "Give the authority as host and tenant alone, and look at what it answers.",
    ["curl https://login.microsoftonline.com/<tenant id>/v2.0/.well-known/openid-configuration"],
  ],
  tokenNotRenewed: [
    "TOKEN_EXPIRED",
    "The token that the program keeps has run out, and the library was not told how to renew it, or the renewal failed: no refresh token (offline_access was not asked for), a client secret past its end, or a sign-in that was taken back. Where a second exception follows, that one names the reason.",
    "Read the exception beneath it; sign in once more, and give the library the address and the credential for renewal.",
  ],
  permissionNotInToken: [
    "TOKEN_ROLE_INSUFFICIENT",
    "The program compared the token with the permissions that it needs, and they are not in it: they were not consented to, were added to the registration after the sign-in, or the token is an old one that was kept.",
    "Add the permissions, consent to them, throw the kept token away and sign in again: an old token does not learn of a consent.",
    ["az ad app permission list --id <client id>"],
  ],
  addKeyWithoutProof: [
    "PROOF_MALFORMED",
    "addKey was called without the proof that it demands: a JWT signed with a certificate that is registered already. Without one, and for the first certificate, it cannot be used at all.",
    "Make the proof and send it, or add the entry to keyCredentials with Update-MgApplication (sending all that is there).",
    ["Update-MgApplication -ApplicationId <object id> -KeyCredentials $all"],
  ],
  keyProvider: [
    "CLIENT_KEY_UNREADABLE",
    "The certificate is there, and its key lies with a key storage provider (CNG) that this program, or the .NET Framework under it, does not reach; Windows makes such keys by default.",
    "Make the certificate with an older provider, or import the PFX anew into it; or run the program under PowerShell 7 or present .NET.",
    [
      'New-SelfSignedCertificate -Subject "CN=daemon" -CertStoreLocation Cert:\\CurrentUser\\My -KeySpec Signature -Provider "Microsoft Enhanced RSA and AES Cryptographic Provider"',
      'certutil -csp "Microsoft Enhanced RSA and AES Cryptographic Provider" -importpfx app.pfx',
    ],
  ],
  pfxLoad: [
    "CLIENT_KEY_UNREADABLE",
    "The sentence speaks of the password, and that is only one of three causes: the password is wrong; the account that runs it has no profile to put the key into (Logic Apps Standard and Functions without WEBSITE_LOAD_USER_PROFILE=1); or the PFX, as Windows or OpenSSL 3 wrote it, uses ciphers that this service does not read.",
    "Open the PFX with the password by hand; if that works set WEBSITE_LOAD_USER_PROFILE to 1, and else write the PFX again.",
    [
      "openssl pkcs12 -in app.pfx -noout",
      "openssl pkcs12 -in app.pfx -nodes -out both.pem",
      "openssl pkcs12 -export -in both.pem -out again.pfx",
    ],
  ],
  pkcs12Unsupported: [
    "PFX_LEGACY_CIPHER",
    "The PFX is encrypted with an old cipher (40-bit RC2, as Windows and old OpenSSL write it), which OpenSSL 3 has moved to its legacy provider.",
    "Export it again with a present cipher.",
    [
      "openssl pkcs12 -legacy -in old.pfx -nodes -out both.pem",
      "openssl pkcs12 -export -in both.pem -out new.pfx",
    ],
  ],
  pkcs12TooNew: [
    "PFX_UNREADABLE",
    "The PFX is in a form that this program does not read. Programs in Go with the older PKCS#12 library know SHA-1 and 3DES only and one certificate beside the key; OpenSSL 3 and Windows since 2022 write SHA-256 and AES, and a chain makes more than one.",
    "Write the PFX again in the old form, with key and certificate alone; or take a newer version of the program.",
    [
      "openssl pkcs12 -in new.pfx -nodes -out both.pem",
      "openssl pkcs12 -export -certpbe PBE-SHA1-3DES -keypbe PBE-SHA1-3DES -macalg sha1 -in both.pem -out old.pfx",
    ],
  ],
  notBase64: [
    "CLIENT_KEY_UNREADABLE",
    "client_certificate (ARM_CLIENT_CERTIFICATE) wants the PFX file itself in base64; a path, PEM text, or base64 that a pipeline changed stands there.",
    "Give the base64 of the PFX in one line, or its path in client_certificate_path.",
    ["base64 -w0 app.pfx"],
  ],
  environmentIncomplete: [
    "CONFIGURATION_INCOMPLETE",
    "The program takes its identity from environment variables, and not all of them are set where it runs. For a certificate they are AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_CERTIFICATE_PATH, by these very names.",
    "Set the three variables for the process itself (service, container, IIS pool), not only in your own shell.",
    ["env | grep ^AZURE_ | cut -d= -f1"],
  ],
  certificateFileNotFound: [
    "CLIENT_KEY_UNREADABLE",
    "Windows says this of two things: the path is wrong, or the file is there but its key could not be put into the key store of an account whose profile is not loaded (IIS application pools, services).",
    "Check the path as the account that runs the program; if it is right, load the key with X509KeyStorageFlags.MachineKeySet or EphemeralKeySet, or set Load User Profile for the pool.",
  ],
  certificateCannotSign: [
    "CLIENT_KEY_UNREADABLE",
    "The library found the certificate and could not sign with its key: the key lies with a provider that this version of .NET does not use (CNG under .NET Framework 4.6 or lower), or the account may not read it.",
    "Make the certificate with a provider that both know, or give the account the right to the key; then import it again.",
    [
      'New-SelfSignedCertificate -Subject "CN=daemon" -CertStoreLocation Cert:\\CurrentUser\\My -KeySpec Signature -Provider "Microsoft Enhanced RSA and AES Cryptographic Provider"',
    ],
  ],
  thumbprintNotHex: [
    "CONFIGURATION_MALFORMED",
    "MSAL for Python wants the SHA-1 thumbprint as 40 hexadecimal digits; colons, blanks, base64 or an invisible mark that the certificate window of Windows puts first are refused.",
    "Copy the digits from openssl and leave the colons out.",
    ["openssl x509 -in cert.pem -noout -fingerprint -sha1 | cut -d= -f2 | tr -d :"],
  ],
  tlsUnsaid: [
    "CLIENT_TLS",
    "TLS to the host failed, and the reason stands in the inner exception: an authority that the program does not trust (a proxy that opens TLS, a bare container image), or TLS 1.2 that is missing or forbidden.",
    "Print the inner exception; give the authority's certificate to the program (SSL_CERT_FILE, the trust store of the image).",
  ],
  pkcs12Passphrase: [
    "PFX_PASSPHRASE",
    "The passphrase does not open the PFX: a typing error, a line break at its end, or characters outside ASCII in another encoding.",
    "Try it by hand.",
    ["openssl pkcs12 -in file.pfx -noout"],
  ],
  pfxNotAccepted: [
    "CLIENT_KEY_UNREADABLE",
    "The library takes PEM only and was given a PFX (binary).",
    "Convert it.",
    ["openssl pkcs12 -in file.pfx -nodes -out both.pem"],
  ],
  certificateMissing: [
    "CLIENT_CERTIFICATE_MISSING",
    "The library looks for BEGIN CERTIFICATE in the same file as the key and finds none: the file holds the key alone, is a PFX or DER, or its line breaks were lost.",
    "Put certificate and key into one PEM file.",
    ["cat key.pem cert.pem > both.pem"],
  ],
  privateKeyMissing: [
    "CLIENT_PRIVATE_KEY_MISSING",
    "There is a certificate without its private key: a .cer or .crt, a Key Vault certificate read as certificate instead of as secret, or a store whose key this account may not read.",
    "Give the PFX or the PEM with the key; from Key Vault read the secret of the same name.",
    ["az keyvault secret download --vault-name <vault> --name <certificate> --file both.pem"],
  ],
  certificateNotInStore: [
    "CLIENT_CERTIFICATE_MISSING",
    "No certificate with this thumbprint is in the certificate store that was searched. Connect-MgGraph and its kin search CurrentUser\\My of the account they run under; a certificate in LocalMachine\\My, or in another account's store, is not seen, and one past its end counts as not there.",
    "Look where the certificate is, and import it (with its key) into the store of the account that runs the program, or give the certificate object itself.",
    [
      "Get-ChildItem Cert:\\CurrentUser\\My, Cert:\\LocalMachine\\My | Format-List Thumbprint, NotAfter, HasPrivateKey, PSParentPath",
      "Connect-MgGraph -ClientId <client id> -TenantId <tenant id> -Certificate (Get-Item Cert:\\LocalMachine\\My\\<thumbprint>)",
    ],
  ],
  notConnected: [
    "CLIENT_CERTIFICATE_MISSING",
    "There is no session: the Connect command before it did not sign in, which early versions passed over in silence. With a thumbprint that is mostly a certificate that is not in CurrentUser\\My of the account that runs the program.",
    "Look at what the Connect command says, at Get-MgContext, and at where the certificate is.",
    [
      "Get-MgContext",
      "Get-ChildItem Cert:\\CurrentUser\\My | Format-List Thumbprint, NotAfter, HasPrivateKey",
    ],
  ],
  keyAlgorithm: [
    "CLIENT_KEY_ALGORITHM",
    "The key is EC. Entra accepts RSA only, and libraries fail on others in odd ways.",
    "Make a certificate with an RSA key.",
    [
      "openssl req -x509 -newkey rsa:2048 -sha256 -days 365 -nodes -keyout key.pem -out cert.pem -subj /CN=daemon",
    ],
  ],
  keyNotExportable: [
    "CLIENT_KEY_NOT_EXPORTABLE",
    "The key lives in a store, TPM, HSM or vault that signs but never gives it out. The library wants to have it.",
    "Use a library that takes a signing function, and let the store sign.",
  ],
  keyIdRefused: [
    "MANIFEST_REFUSED",
    "An entry that already is registered was sent again with other values.",
    "Send the entries that stay unchanged, with their keyId.",
  ],
  authorityUnreachable: [
    "CLIENT_AUTHORITY_UNREACHABLE",
    "MSAL asks the public cloud about the authority before it uses it. That fails without network, behind a proxy it does not know (it takes none by itself since version 5), and for a host that the cloud does not know, such as an emulator or ADFS.",
    "Check the proxy; for an own host set knownAuthorities (or disableInstanceDiscovery).",
  ],
  tls: [
    "CLIENT_TLS",
    "The certificate of the host was not issued by an authority that the program trusts. That is a proxy which opens TLS, or an emulator with its own authority.",
    "Give the authority's certificate to the program: NODE_EXTRA_CA_CERTS, SSL_CERT_FILE, REQUESTS_CA_BUNDLE. Do not switch the check off.",
  ],
  network: [
    "CLIENT_NETWORK",
    "The host did not answer: name not found, refused, or cut off.",
    "Check name resolution, firewall and proxy (HTTPS_PROXY).",
  ],
  addKeyProof: [
    "PROOF_MALFORMED",
    "The proof could not be read.",
    "Paste the proof here as well; each part is then checked.",
  ],
  pemInText: [
    "CLIENT_KEY_UNREADABLE",
    "The text given as PEM has characters that do not belong there, mostly \\n as two characters.",
    "Turn \\n into line breaks before use.",
  ],
};

/**
 * Explains sentences of client libraries.
 *
 * @param file - the case file
 * @returns the mistakes that hide behind them
 */
export function checkLibraryMessage(file: CaseFile): Finding[] {
  return allOf(file, "libraryMessage").flatMap((item) => {
    const row = ROWS[item.messageId];
    if (row === undefined) return [];
    const [code, explanation, text, commands] = row;
    return [
      createFinding(code, { explanation, evidence: { quoted: item.quoted }, remedy: { text, commands } }),
    ];
  });
}
