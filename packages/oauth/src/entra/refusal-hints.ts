/** The next act for the refusals a program without a user meets, by AADSTS number. The doctor explains all others. */

const HINTS: Readonly<Record<number, string>> = {
  16000: "Sign in again: the session does not say which account is meant",
  50011: "Register the redirect URI exactly as it is sent, to the last slash",
  50013: "Pass the user's token as it came, issued for this application and not expired",
  50027: "Send the assertion as three base64url parts without padding or line breaks",
  50034: "Check the user name and the tenant",
  50049: "Check the authority host, or use that of your national cloud",
  50059: "Put the tenant id or a verified domain in place of common",
  50105: "Assign the user or group to the enterprise application",
  50194: "Use the tenant's own endpoint, or make the application multi-tenant",
  53003:
    "Ask the administrator which Conditional Access policy blocks this application (its id may stand in claims)",
  54005: "Begin the sign-in again: a code can be redeemed once",
  65001: "Have an administrator consent to the permissions of the application",
  70008: "Begin the sign-in again: the code or refresh token is too old",
  70011: "Ask for one resource followed by /.default",
  90002: "Check the tenant id, and that the authority host is that of the tenant's cloud",
  90014: "Add the named claim to the assertion",
  90055: "Wait as long as Retry-After says, and cache tokens",
  500011: "Check the resource address, and that the tenant has a service principal for it",
  501051: "Have an administrator grant an app role of this resource to the application",
  700009: "Send the redirect URI of the authorization request with the code",
  700016:
    "Check the client id and the tenant: the application is not registered there, or nobody consented to it yet",
  700021: "Set iss and sub of the assertion to the client id of the request",
  700023: "Set aud to the very token endpoint that is called",
  700024: "Set this machine's clock, and make a new assertion for each use instead of keeping one",
  700025: "Register the redirect URI under the platform Web, or send no credential",
  700026: "Upload the certificate to the registration of this client id and wait some minutes",
  700027:
    "Compare the thumbprint of the certificate in use with those of the registration, and upload the certificate if it is missing; a fresh upload takes some minutes",
  700030:
    "Register the certificate itself, or send the chain leaf first to an application that trusts its subject",
  900023: "Give the tenant as a GUID or a verified domain",
  900144: "Send the named parameter in the form body",
  900384: "Compare the thumbprint of the certificate in use with those of the registration",
  1000502: "Renew the certificate, register it, and deploy its key",
  1002012: "Ask for one resource followed by /.default",
  5002723: "Put x5t#S256 or x5t, computed from the certificate, into the header of the assertion",
  5002727: "Leave typ out of the assertion's header, or set it to JWT",
  5002730: "Sign with PS256 or RS256 and an RSA certificate",
  5002738: "Sign with PS256 or RS256",
  7000112: "Ask an administrator to enable the application",
  7000215: "Send the value of the client secret, not its id, and check that it belongs to this client id",
  7000216: "Give a certificate or a client secret",
  7000222: "Make a new client secret, or move to a certificate",
  7000229: "Create the service principal of this application in the tenant",
  9002313: "Check that the form body is encoded and that code or refresh token arrived whole",
  9002325: "Send a PKCE code challenge with the authorization request",
  9002327: "Move the redirect URI from the platform Single-page application to Web",
};

/**
 * Finds the next act for a refusal.
 *
 * @param aadstsCodes - numbers of the answer, the most exact one anywhere in the list
 * @returns one imperative sentence without full stop, or `undefined` when none of the numbers is known here
 */
export function hintForRefusal(aadstsCodes: readonly number[]): string | undefined {
  for (const code of aadstsCodes) {
    const hint = HINTS[code];
    if (hint !== undefined) return hint;
  }
  return undefined;
}
