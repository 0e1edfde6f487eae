/** A token endpoint under the test's control, in this process, and a credential that asks it. */
import { NightlatchCredential, type NightlatchCredentialOptions } from "../src/nightlatch-credential.ts";
import { ReceivedResponse } from "../src/transport/response.ts";
import type { HttpRequest, HttpResponse } from "../src/transport/transport.ts";
import type { OauthWarning } from "../src/warnings.ts";

export const clientId = "11111111-2222-4333-8444-555555555555";
export const scope = "https://graph.microsoft.com/.default";
export const HOUR_MS = 3_600_000;
export const respond = (status: number, body: object, headers: Record<string, string> = {}) =>
  new ReceivedResponse(status, headers, Buffer.from(JSON.stringify(body)));
export const granted = (text: string, more: object = {}) =>
  respond(200, { token_type: "Bearer", expires_in: 3600, access_token: text, ...more });
export const refused = (code: number) =>
  respond(401, { error: "invalid_client", error_description: `AADSTS${code}: no.`, error_codes: [code] });

/** A service under the test's control, and a clock that only moves when told to. */
export function scriptedService(
  answer: (request: HttpRequest, count: number) => HttpResponse | Promise<HttpResponse>,
  options: Partial<NightlatchCredentialOptions> = {},
) {
  const requests: HttpRequest[] = [];
  const warnings: OauthWarning[] = [];
  const clock = { nowMs: Date.UTC(2026, 8, 1) };
  const credential = new NightlatchCredential({
    tenantId: "school.example",
    clientId,
    assertion:
      options.certificate === undefined && options.clientSecret === undefined
        ? async () => "assertion"
        : undefined,
    now: () => clock.nowMs,
    onWarning: (warning) => warnings.push(warning),
    retry: { maxAttempts: 1 },
    transport: {
      send: async (request) => {
        requests.push(request);
        return answer(request, requests.length);
      },
      close: () => undefined,
    },
    ...options,
  });
  return { credential, requests, warnings, clock };
}
export const soon = () => new Promise((resolve) => setTimeout(resolve, 5));
export const formOf = (request: HttpRequest | undefined) => new URLSearchParams(String(request?.body));
