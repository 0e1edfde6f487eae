/**
 * What refusals say about the application itself: its id, its credentials, its consent, its federation.
 */
import type { SignInError } from "../artifact.ts";
import type { Finding } from "../finding.ts";
import { createFinding, type FindingCode, type FindingDetails } from "../finding-table.ts";
import { isPlaceholder, isRedacted } from "../placeholder.ts";
import { adminConsent } from "./authority.ts";
import { allOf, type CaseFile, clientIdOf, GUID, tenantOf } from "./case-file.ts";

/** Explains a refusal, see the table in directory-error.ts. */
export function applicationNotFound(error: SignInError, file: CaseFile): Finding[] {
  const id = quoted(error, "identifier") ?? quoted(error, "service principal named") ?? clientIdOf(file);
  const directory = quoted(error, "directory") ?? quoted(error, "tenant named") ?? tenantOf(file);
  const objectId = allOf(file, "manifest").find(
    (manifest) => manifest.objectId !== undefined && manifest.objectId === id,
  );
  const isBot = /^(?:Bot Framework|botframework\.com)$/i.test(directory ?? "");
  // Whoever asks there left the id out of the paste; the tenant is the mistake.
  if (id !== undefined && isPlaceholder(id) && !isRedacted(id) && !isBot)
    return one("REQUEST_PLACEHOLDER", {
      explanation: `client_id is still "${id}".`,
      evidence: { clientId: id },
      remedy: "Put the application (client) id there.",
    });
  const isTenant = id !== undefined && GUID.test(id) && id.toLowerCase() === (directory ?? "").toLowerCase();
  const explanation = isTenant
    ? `The tenant id ${id} was sent as client_id too: the program puts the same value into both.`
    : objectId === undefined
      ? `No application ${id === undefined || isRedacted(id) ? "with this client id" : id} exists in ${directory ?? "the tenant of the request"}. Usual causes: the object id or the secret's id was taken for the client id, the tenant is another one, or the application belongs to another tenant and was never consented to here.`
      : `${id} is the object id of the registration; its client id is ${objectId.appId ?? "another value"}.`;
  return one("APPLICATION_NOT_FOUND", {
    explanation: isBot
      ? `${id ?? "The application"} was looked for in the tenant of the Bot Framework itself. That is where a program goes that was not told its bot is single-tenant.`
      : explanation,
    evidence: { clientId: id, directory },
    remedy: {
      text: isBot
        ? "Set MicrosoftAppType to SingleTenant (or UserAssignedMSI) and MicrosoftAppTenantId to the tenant of the registration."
        : "Compare Application (client) ID and Directory (tenant) ID on the Overview page with what the program sends.",
      commands: [
        `az ad sp show --id ${id ?? "<client id>"} --query "{appId:appId,tenant:appOwnerOrganizationId}"`,
      ],
    },
  });
}

/** Explains a refusal, see the table in directory-error.ts. */
export function badClientId(error: SignInError): Finding[] {
  const id = /^'?([0-9a-f-]{36})/i.exec(error.description)?.[1];
  return one("REQUEST_CLIENT_ID", {
    explanation: `client_id ${id ?? ""} is not that of an application${/^0{8}/.test(id ?? "") ? ": it is the GUID of all zeros, a variable that was never set" : ""}.`,
    evidence: { clientId: id },
    remedy: "Send the application (client) id.",
  });
}

/** Explains a refusal, see the table in directory-error.ts. */
export function applicationDisabled(error: SignInError, file: CaseFile): Finding[] {
  const id = quoted(error, "application") ?? clientIdOf(file);
  return one("APPLICATION_DISABLED", {
    explanation: `Sign-in of ${id ?? "the application"} is switched off in the tenant.`,
    evidence: { clientId: id },
    remedy: {
      text: "Switch it on: Enterprise applications > Properties > Enabled for users to sign in.",
      commands: [`az ad sp update --id ${id ?? "<client id>"} --set accountEnabled=true`],
    },
  });
}

/** Explains a refusal, see the table in directory-error.ts. */
export function noServicePrincipal(error: SignInError, file: CaseFile): Finding[] {
  const id = /application ([0-9a-f-]{36})/i.exec(error.description)?.[1] ?? clientIdOf(file);
  return one("APPLICATION_NO_SERVICE_PRINCIPAL", {
    explanation: `${id ?? "The application"} is registered, but has no service principal in this tenant; signing in without one is blocked since 2026-03-31.`,
    evidence: { clientId: id },
    remedy: {
      text: "Create it, or let an administrator consent.",
      commands: [`az ad sp create --id ${id ?? "<client id>"}`],
    },
  });
}

/** Explains a refusal, see the table in directory-error.ts. */
export function publicClient(): Finding[] {
  return one("APPLICATION_PUBLIC_CLIENT", {
    explanation:
      "The service takes the application for a public client (a redirect address of the mobile/desktop platform, or isFallbackPublicClient), and those may not send a credential.",
    remedy: {
      text: "Set isFallbackPublicClient to false and register redirect addresses under Web.",
      snippet: '"isFallbackPublicClient": false',
    },
  });
}

/** Explains a refusal, see the table in directory-error.ts. */
export function noKeys(_error: SignInError, file: CaseFile): Finding[] {
  return one("APPLICATION_NO_KEYS", {
    explanation: `${clientIdOf(file) ?? "The application"} has no certificate at all: it was uploaded to another registration or tenant, or was removed.`,
    evidence: { clientId: clientIdOf(file) },
    remedy: "Upload the public certificate under Certificates & secrets, and wait some minutes.",
  });
}

/** Explains a refusal, see the table in directory-error.ts. */
export function wrongSecret(error: SignInError, file: CaseFile): Finding[] {
  const id = quoted(error, "app") ?? clientIdOf(file);
  return one("APPLICATION_SECRET_WRONG", {
    explanation: `The secret is not one of ${id ?? "this application"}. The usual mistake is to copy the secret's ID (a GUID) instead of its value; others are a missing URL encoding of + or &, and a secret of another application.`,
    evidence: { clientId: id },
    remedy:
      "Send the value of the secret; it is shown only once, so make a new one when it was lost. Better: use a certificate.",
  });
}

/** Explains a refusal, see the table in directory-error.ts. */
export function expiredSecret(error: SignInError, file: CaseFile): Finding[] {
  const id = quoted(error, "app") ?? clientIdOf(file);
  return one("APPLICATION_SECRET_EXPIRED", {
    explanation: `All secrets of ${id ?? "this application"} have expired; they live two years at most.`,
    evidence: { clientId: id },
    remedy: {
      text: "Make a new secret, or change to a certificate.",
      commands: [`az ad app credential reset --id ${id ?? "<client id>"} --append`],
    },
  });
}

/** Explains a refusal, see the table in directory-error.ts. */
export function noCredential(error: SignInError, file: CaseFile): Finding[] {
  const request = allOf(file, "tokenRequest")[0];
  const isTypeOnly = request !== undefined && request.parameters["client_assertion"] !== undefined;
  return one(isTypeOnly ? "REQUEST_ASSERTION_TYPE" : "REQUEST_CREDENTIAL_MISSING", {
    explanation: `The service saw no credential.${isTypeOnly ? " client_assertion is only read together with client_assertion_type." : " Fields that are sent as JSON, in the query, or in a multipart body are not seen either."}`,
    evidence: { code: error.codes[0] },
    remedy: {
      text: "Send both fields in the form body.",
      snippet:
        "client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer&client_assertion=<JWT>",
    },
  });
}

/** Explains a refusal, see the table in directory-error.ts. */
export function severalCredentials(): Finding[] {
  return one("REQUEST_CREDENTIALS_SEVERAL", {
    explanation: "Secret and assertion were sent together.",
    remedy: "Send exactly one of client_secret, client_assertion and request.",
  });
}

/** Explains a refusal, see the table in directory-error.ts. */
export function consentMissing(error: SignInError, file: CaseFile): Finding[] {
  const id =
    quoted(error, "ID") ?? /Client app ID: ([0-9a-f-]{36})/i.exec(error.description)?.[1] ?? clientIdOf(file);
  const consent = adminConsent(file, tenantOf(file), id);
  return one("APPLICATION_CONSENT_MISSING", {
    explanation: `Nobody with the right to do so has consented to the permissions of ${id ?? "the application"} in this tenant.`,
    evidence: { clientId: id },
    remedy: {
      text: `An administrator opens ${consent.url}`,
      commands: consent.commands,
    },
  });
}

/** Explains a refusal, see the table in directory-error.ts. */
export function notAssigned(error: SignInError): Finding[] {
  const resource = /for the application '([^']{1,100})'/i.exec(error.description)?.[1];
  return one("APPLICATION_NOT_ASSIGNED", {
    explanation: `The API ${resource ?? ""} has "assignment required" switched on, and this application has no role there.`,
    evidence: { resource },
    remedy:
      "Add an app role of that API as application permission and consent to it, or switch assignment off on the API.",
  });
}

/** Explains a refusal, see the table in directory-error.ts. */
export function certificateRefused(error: SignInError): Finding[] {
  const isRevoked = error.codes[0] !== 1000502;
  return one("CERTIFICATE_EXPIRED", {
    title: isRevoked ? "The certificate has been revoked" : undefined,
    explanation: isRevoked ? "The certificate was revoked." : "The certificate itself is outside its dates.",
    remedy: "Make a new certificate, register it, switch the program over, remove the old one.",
  });
}

/** Explains a refusal, see the table in directory-error.ts. */
export function weakKey(error: SignInError): Finding[] {
  const bits = /size (\d{3,5})/.exec(error.description)?.[1];
  return one("CERTIFICATE_KEY_SHORT", {
    explanation: `The key has ${bits ?? "too few"} bits.`,
    evidence: { bits },
    remedy: {
      text: "Use RSA with 2048 bits or more.",
      commands: [
        "openssl req -x509 -newkey rsa:2048 -sha256 -days 365 -nodes -keyout key.pem -out cert.pem -subj /CN=daemon",
      ],
    },
  });
}

/** Explains a refusal, see the table in directory-error.ts. */
export function chainMismatch(): Finding[] {
  return one("ASSERTION_X5C_MISMATCH", {
    explanation: "x5t is not the SHA-1 of the first certificate in x5c.",
    remedy: "Put the leaf first in x5c, or leave x5c out.",
  });
}

/** Explains a refusal, see the table in directory-error.ts. */
export function federationMismatch(error: SignInError): Finding[] {
  const subject = quoted(error, "subject:?") ?? quoted(error, "assertion subject");
  const issuer = quoted(error, "issuer:?");
  const audience = quoted(error, "audience:?");
  const isCase = [7002137, 7002138].includes(error.codes[0] ?? 0);
  return one("FEDERATION_MISMATCH", {
    explanation: isCase
      ? "The federated credential matches only when upper and lower case are ignored; since August 2024 they count."
      : "The federated credential of the application has another issuer, subject or audience than the token that was presented; right after creating one it may also just not be everywhere yet.",
    evidence: { subject, issuer, audience },
    remedy: {
      text: "Write the values into the federated credential exactly as the token has them.",
      snippet: JSON.stringify({
        issuer: issuer ?? "<iss>",
        subject: subject ?? "<sub>",
        audiences: [audience ?? "api://AzureADTokenExchange"],
      }),
    },
  });
}

/** Explains a refusal, see the table in directory-error.ts. */
export function unknownRealm(error: SignInError): Finding[] {
  const realm = quoted(error, "object") ?? quoted(error, "realm object");
  return one("FEDERATION_MISMATCH", {
    explanation: `The issuer "${realm ?? ""}" of the assertion is not one that the tenant federates with.`,
    evidence: { issuer: realm },
    remedy:
      "Sign an assertion of your own (iss and sub both the client id), or register the issuer as a federated credential.",
  });
}

/** Explains a refusal, see the table in directory-error.ts. */
export function entraTokenForFederation(): Finding[] {
  return one("ASSERTION_ENTRA_TOKEN", {
    explanation:
      "The assertion was issued by Entra and is not a managed identity's token for token exchange.",
    remedy:
      "Sign an assertion of your own with the certificate, or use a managed identity with api://AzureADTokenExchange/.default.",
  });
}

/** The first value in quotes after some words. */
export function quoted(error: SignInError, before: string): string | undefined {
  return new RegExp(`${before}\\s{0,3}'([^']{1,200})'`, "i").exec(error.description)?.[1];
}

/** One finding as a list. */
export function one(code: FindingCode, details: FindingDetails): Finding[] {
  return [createFinding(code, details)];
}
