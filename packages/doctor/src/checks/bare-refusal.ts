/** What a status and an address alone can mean. */
import type { BareRefusal } from "../artifact.ts";
import type { Finding } from "../finding.ts";
import { createFinding } from "../finding-table.ts";
import { API_NAMES, API_SCOPES, type Api, permissionsFor } from "./api.ts";
import { allOf, type CaseFile } from "./case-file.ts";

/**
 * Explains refusals without a reason, unless something else in the inputs gives one.
 *
 * @param file - the case file
 * @returns findings with the permission that the address asks for
 */
export function checkBareRefusals(file: CaseFile): Finding[] {
  if (allOf(file, "jwt").length > 0) return [];
  return allOf(file, "bareRefusal").slice(0, 1).map(explainRefusal);
}

function explainRefusal({ status, url }: BareRefusal): Finding {
  if (/^https:\/\/login\./i.test(url)) return tokenRefused(status, url);
  const api: Api = /sharepoint/i.test(url) ? "sharepoint" : /outlook/i.test(url) ? "exchange" : "graph";
  const scope = api === "sharepoint" ? `${new URL(url).origin}/.default` : API_SCOPES[api];
  const needed = permissionsFor("GET", url);
  const permission =
    api === "sharepoint"
      ? "Sites.FullControl.All, Sites.ReadWrite.All or Sites.Selected of SharePoint itself (those of the same name of Graph do not count here), and for an application a token that was obtained with a certificate"
      : needed.length > 0
        ? `${needed.join(" or ")} as application permission`
        : "the permission that the page of the call names";
  return createFinding("API_REFUSED_UNSAID", {
    explanation:
      status === 401
        ? `${API_NAMES[api]} answered 401, and the library threw the reason away. It did not take the token: it is for another API, has run out, or (for an application) carries no permission of this API: ${permission}.`
        : `${API_NAMES[api]} answered 403, and the library threw the reason away. The token is good and does not reach this far: wanted is ${permission}; or a policy keeps the application out of this mailbox or site.`,
    evidence: { status, url: url.slice(0, 200), api },
    remedy: {
      text: "Decode the token (paste it here): aud has to be this API, roles (or scp) has to have the permission. Add it, consent, and ask for a new token.",
      snippet: `scope=${scope}`,
    },
  });
}

function tokenRefused(status: number, url: string): Finding {
  return createFinding("APPLICATION_CREDENTIAL_REFUSED", {
    explanation:
      status === 401
        ? "The token endpoint answered 401, and the program threw the body away. 401 stands for the application's own credential: the secret ran out or is wrong, the certificate is not the registered one, or the client assertion is badly made."
        : `The token endpoint answered ${status}, and the program threw the body away. It holds the reason: a client id or tenant that does not exist, a scope that is not one, a grant that ran out, or a field that is missing.`,
    evidence: { status, url: url.slice(0, 200) },
    remedy: {
      text: "Print the body of the answer and paste it here: error_description begins with AADSTS and a number.",
    },
  });
}
