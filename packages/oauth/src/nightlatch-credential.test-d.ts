/** Checked by tsc alone: what Azure and Graph SDKs take. */
import type { GetTokenOptions, TokenCredential } from "@azure/core-auth";
import { NightlatchCredential } from "./nightlatch-credential.ts";

const credential = new NightlatchCredential({
  tenantId: "school.example",
  clientId: "11111111-2222-4333-8444-555555555555",
  clientSecret: "secret",
});

export const asTokenCredential: TokenCredential = credential;
declare const options: GetTokenOptions;
export const token: Promise<{ token: string; expiresOnTimestamp: number }> = credential.getToken(
  ["scope"],
  options,
);
