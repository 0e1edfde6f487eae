/**
 * Messages of Graph about registrations, subscriptions and its own faults.
 */
import type { GraphError } from "../artifact.ts";
import type { Finding } from "../finding.ts";
import { createFinding, type FindingCode, type FindingDetails } from "../finding-table.ts";

/**
 * Makes one finding about an error of Graph.
 *
 * @param code - what it comes down to
 * @param error - the error, whose code, message and status become evidence
 * @param explanation - why it was said
 * @param remedy - the next step
 * @returns the finding alone
 */
export function one(
  code: FindingCode,
  error: GraphError,
  explanation: string,
  remedy: FindingDetails["remedy"],
): Finding[] {
  return [
    createFinding(code, {
      explanation,
      evidence: { code: error.code, message: error.message.slice(0, 300), status: error.status },
      remedy,
    }),
  ];
}

/**
 * Explains what a message says by itself.
 *
 * @param error - an error of Graph
 * @returns findings, or `undefined` when the message is none of these
 */
export function byServiceMessage(error: GraphError): Finding[] | undefined {
  const { message } = error;
  if (/No application access policy found for this app/i.test(message)) return meetingsClosed(error);
  if (/Unable to initialize RPS/i.test(message))
    return one(
      "GRAPH_TRANSIENT",
      error,
      "The part of Microsoft's service that reads tokens of personal accounts failed for a moment. The token is most likely good.",
      "Send the same request once more after a pause; if it goes on for hours, look at the service health page.",
    );
  if (/Subscription validation request/i.test(message)) return notValidated(error);
  if (/Could not process subscription creation payload/i.test(message)) return subscriptionMalformed(error);
  if (/Access blocked to AAD Graph/i.test(message))
    return one(
      "RETIRED_AZURE_AD_GRAPH",
      error,
      "The program (or the AzureAD and MSOnline modules beneath it) calls Azure AD Graph. It was switched off, first for applications that did not ask for more time, on 2025-08-31 for all.",
      "Use Microsoft Graph: in PowerShell the modules Microsoft.Graph or Microsoft.Entra.",
    );
  if (/GraphTokenValidationFail/i.test(message))
    return one(
      "GRAPH_TOKEN_UNREADABLE",
      error,
      "The service behind Graph does not take the token for this call: the permission is not in it, is delegated where an application permission is wanted (or the other way round), or this call knows no tokens of applications at all.",
      "Look at the page of the call for what it allows without a user, consent to that, and ask for a new token.",
    );
  const foreign = /The property '([^'\n]{1,80})' does not exist on type '([^'\n]{1,120})/i.exec(message);
  if (foreign !== null)
    return one(
      "GRAPH_REQUEST_MALFORMED",
      error,
      `${foreign[2] ?? ""} has no property "${foreign[1] ?? ""}". Either the name is misspelled or in the wrong case, or the object was put into another one on its way ({ "${foreign[1] ?? ""}": { … } } in place of { … }).`,
      `Send the members of the object themselves, without "${foreign[1] ?? ""}" around them, and compare the names with the page of the type.`,
    );
  if (/unable to deserialize/i.test(message))
    return one(
      "GRAPH_REQUEST_MALFORMED",
      error,
      "Graph cannot turn the body into an object: mostly a list that was sent as null, a date or number in another form, or a wrong @odata.type.",
      "Leave empty members out (or send []), and compare the body that is really sent with the page of the call.",
    );
  const azure = /perform action '([^'\n]{3,160})' over scope '([^'\n]{1,400})'/i.exec(message);
  if (azure !== null)
    return one(
      "AZURE_ROLE_MISSING",
      error,
      `The sign-in succeeded. The identity has no role with the action ${azure[1] ?? ""} on ${azure[2] ?? ""}: permissions in Entra do not count for resources of Azure, and a new role takes some minutes (and a new token) to work.`,
      {
        text: "Assign a role that has this action.",
        commands: [
          `az role assignment create --assignee ${/client '([0-9a-f-]{36})'/i.exec(message)?.[1] ?? "<object id>"} --role <role> --scope ${azure[2] ?? "<scope>"}`,
        ],
      },
    );
  return byManifestMessage(error);
}

function meetingsClosed(error: GraphError): Finding[] {
  return one(
    "GRAPH_PRIVILEGES",
    error,
    "Online meetings of a user are open to an application only after an administrator of Teams gave it an application access policy; the permission in Entra alone does not do.",
    {
      text: "Make the policy, grant it to the users (or to all), and wait up to half an hour.",
      commands: [
        "New-CsApplicationAccessPolicy -Identity meetings -AppIds <client id>",
        "Grant-CsApplicationAccessPolicy -PolicyName meetings -Global",
      ],
    },
  );
}

function notValidated(error: GraphError): Finding[] {
  const isLate = /timed out/i.test(error.message);
  return one(
    "SUBSCRIPTION_NOT_VALIDATED",
    error,
    `Before it makes the subscription Graph calls notificationUrl with ?validationToken=… and wants the decoded token back as text/plain with 200 within ten seconds. ${isLate ? "No answer came in time: the address cannot be reached from the internet (a firewall, an internal name, a port), or the program behind it sleeps or waits." : "The answer was another one: a redirect, a sign-in page, a 404, the token in JSON or still URL-encoded, or a TLS certificate that is not publicly trusted."}`,
    {
      text: "Call the address from outside the way Graph does; the answer must be the bare text.",
      commands: ['curl -i -X POST "<notificationUrl>?validationToken=Validation%3A%20Testing"'],
    },
  );
}

function subscriptionMalformed(error: GraphError): Finding[] {
  return one(
    "GRAPH_REQUEST_MALFORMED",
    error,
    "Graph cannot read the body of the subscription. Mostly a value and not a name: expirationDateTime without Z or offset, or further ahead than the resource allows (calendars: under seven days, three in older times); a property in the wrong case; changeType with blanks; a body that is not JSON.",
    {
      text: "Write the end as a UTC time within three days.",
      snippet:
        '{ "changeType": "created,updated,deleted", "notificationUrl": "https://…", "resource": "users/<mailbox>/events", "expirationDateTime": "2026-09-09T11:00:00Z", "clientState": "…" }',
    },
  );
}

/** Updates of a registration that the directory refuses, by the property that its message names. */
function byManifestMessage(error: GraphError): Finding[] | undefined {
  const { message } = error;
  for (const [pattern, explanation, remedy] of CREDENTIAL_MESSAGES)
    if (pattern.test(message)) return one("MANIFEST_REFUSED", error, explanation, remedy);
  const uri = /(?:alias|URI|value)\s+'([^'\n]{1,300})'/i.exec(message)?.[1];
  const named = uri === undefined ? "The identifier URI" : `The identifier URI ${uri}`;
  const safe: FindingDetails["remedy"] = {
    text: "Take the form that is always free.",
    snippet: '"identifierUris": ["api://<client id>"]',
  };
  if (/must be from a verified domain/i.test(message))
    return one("MANIFEST_REFUSED", error, `${named} lies in no verified domain of this tenant.`, safe);
  if (/Application alias\s+'[^']{0,300}'\s+value is invalid/i.test(message))
    return one(
      "MANIFEST_REFUSED",
      error,
      `${named} is reserved, or malformed: nobody may give it to an application of their own. To call such an API it is named as scope, not as one's own URI.`,
      safe,
    );
  if (/conflicting object with one or more of the specified property values/i.test(message))
    return one(
      "MANIFEST_REFUSED",
      error,
      "Another application or service principal of the tenant already has this value, mostly the identifier URI; also one that was deleted in the last 30 days.",
      {
        text: "Find the other one (and remove it from the deleted ones), or take another value.",
        commands: [`az ad app list --identifier-uri ${uri ?? "<identifier URI>"} --query "[].appId"`],
      },
    );
  if (/Property identifierUris is invalid/i.test(message))
    return one(
      "MANIFEST_REFUSED",
      error,
      "The registration cannot take identifierUris as they would be after the change: a public (native) client may have none in old interfaces, and a client cannot become one while it has some.",
      "Clear identifierUris in the same change, or make another registration for the public client.",
    );
  if (/Property identifierUris value is required/i.test(message))
    return one(
      "MANIFEST_REFUSED",
      error,
      "The old interface (Azure AD Graph) makes no application without identifierUris. It has been switched off since; Microsoft Graph does not want one.",
      safe,
    );
  return undefined;
}

/** What the directory says of credentials that it does not take; its code is Request_BadRequest for all of them. */
const CREDENTIAL_MESSAGES: ReadonlyArray<readonly [RegExp, string, string]> = [
  [
    /KeyValueMustBeNull/i,
    "The manifest holds an entry of keyCredentials with a value and a keyId that is registered already (or was edited by hand): values of entries that are there may not be sent again.",
    "Leave value out of the entries that are there, give the new one a keyId of its own, or upload the certificate under Certificates & secrets.",
  ],
  [
    /cannot be deleted unless it is disabled first|must (?:first )?be disabled before|disable it first/i,
    "A permission or role of the application is removed or gets another id while it is enabled.",
    'Save it with "isEnabled": false first, and remove or change it in a second step.',
  ],
  [
    /ParameterValidationException=|Failed to (?:update|save)\b[^.\n]{0,120}\. Error details?:(?![^\n]{0,200}(?:verified domain|conflicting object|alias|identifierUris))/i,
    "The portal could not save the manifest. The sentence behind it names the property; mostly it is one that was not touched, in a form from before (the portal sends the whole manifest back).",
    "Change the one property by itself: az ad app update, or a PATCH with that property alone.",
  ],
  [
    /New password credentials must be generated using service actions/i,
    "passwordCredentials cannot be written by PATCH: Graph makes every secret itself. With keyCredentials alone the same update goes through.",
    "Leave passwordCredentials out of the update, and call addPassword for a secret.",
  ],
  [
    /(?:key|password)Credentials in payload has a value that does not match schema/i,
    "The value is not a list of entries: one object in place of an array (languages unwrap a list of one), or an entry with members of another type.",
    "Send an array, also for one entry; in PowerShell write -KeyCredentials @($entry).",
  ],
  [
    /(?:No|Couldn't find|Cannot find)[^.]{0,30} (?:key|password)? ?credentials? (?:was |were )?(?:found|with)[^.]{0,60}/i,
    "The entry to be removed or changed is not on this object: its keyId is another one, or it is on the service principal and not on the application (or the other way round).",
    "List the entries of both objects, and take the keyId from there.",
  ],
  [
    /(?:keyCredential|credential)s?\b[^.]{0,80}(?:maximum|exceed|limit)|exceeds? the maximum[^.]{0,60}(?:credential|certificate)/i,
    "The application has more credentials than the directory takes, or one of them is too large.",
    "Remove the entries that have ended.",
  ],
  [
    /Keys? (?:cannot|can not|must) be (?:null|empty|unique)|duplicate (?:key|credential)|key ?Id'? (?:is|must be)/i,
    "keyId must be a GUID of its own for each entry.",
    "Make a new GUID for the new entry, or leave keyId out; send old entries with theirs.",
  ],
  [
    /value '?[^']{0,200}'? (?:specified )?for property 'keyCredentials'|Invalid value specified for property '(?:keyCredentials|key|customKeyIdentifier|value)'|(?:credential|certificate)[^.]{0,60}(?:is not (?:a )?valid|could not be (?:read|parsed|decoded))/i,
    "An entry of keyCredentials holds something else than wanted: key has to be the base64 of the DER certificate (without PEM lines or line breaks), customKeyIdentifier the base64 of at most 32 bytes.",
    "Make the entry anew from the certificate: nightlatch cert entry --file cert.pem.",
  ],
  [
    /CannotUpdateLockedServicePrincipalProperty|servicePrincipalLockConfiguration|property[^.]{0,40}is locked/i,
    "The application locks its credentials (app instance property lock): they can be changed on the registration in its home tenant, not on the service principal.",
    "Add the certificate to the registration, or let its owner lift the lock.",
  ],
];
