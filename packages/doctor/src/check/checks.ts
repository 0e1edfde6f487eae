import { authorityCheck, clockCheck, tenantCheck } from "./authority-checks.ts";
import type { Check } from "./check.ts";
import type { CheckConfiguration } from "./context.ts";
import {
  configurationCheck,
  createFileCheck,
  credentialCheck,
  rotationCheck,
  validityCheck,
} from "./local-checks.ts";
import { createMailboxCheck, createScopeCheck } from "./mailbox-checks.ts";
import { retiredCheck } from "./retired-check.ts";
import { createClaimsCheck, createTokenCheck } from "./token-checks.ts";

/**
 * Lists the questions that a configuration calls for, in the order in which they are asked.
 *
 * @param configuration - the configuration at hand
 * @returns checks for `runChecks`
 */
export function createChecks(configuration: CheckConfiguration): Check[] {
  const apis = configuration.apis ?? ["graph"];
  return [
    configurationCheck,
    ...(configuration.files ?? []).map(createFileCheck),
    credentialCheck,
    validityCheck,
    rotationCheck,
    authorityCheck,
    clockCheck,
    tenantCheck,
    ...apis.flatMap((api) => [createTokenCheck(api), createClaimsCheck(api)]),
    ...(configuration.mailboxes ?? []).map((mailbox) => createMailboxCheck(mailbox, configuration)),
    ...(configuration.forbiddenMailboxes ?? []).map((mailbox) => createScopeCheck(mailbox, configuration)),
    retiredCheck,
  ];
}
