/** What commands ask of a running emulator's control API. */
import { setTimeout as wait } from "node:timers/promises";
import { isNightlatchError } from "@nightlatch/credential";
import { type HttpResponse, inspectAccessToken, type Transport } from "@nightlatch/oauth";
import type { Context } from "./command.ts";
import { cliError } from "./errors.ts";

/**
 * Sends a request to the control API.
 *
 * @param origin - of the emulator, `https://localhost:8443`
 * @param method - HTTP method
 * @param path - below `/emulator/v1`
 * @param body - JSON body
 * @param transport - trusts the emulator's authority
 * @param context - the command's surroundings
 * @returns the answer's JSON; `undefined` when it is empty
 * @throws NightlatchError `CLI_EMULATOR_UNREACHABLE`, `CLI_EMULATOR_REFUSED`
 */
export async function callControl(
  origin: string,
  method: string,
  path: string,
  body: unknown,
  transport: Transport,
  context: Context,
): Promise<unknown> {
  let response: HttpResponse;
  try {
    response = await transport.send({
      method,
      url: `${origin}/emulator/v1${path}`,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: context.signal,
    });
  } catch (cause) {
    const reason = isNightlatchError(cause) ? cause.message : String(cause);
    throw cliError("CLI_EMULATOR_UNREACHABLE", `No emulator answers at ${origin}: ${reason}`, { cause });
  }
  if (response.status >= 400) throw refusal(origin, `${method} ${path}`, response);
  return response.body.length === 0 ? undefined : response.json();
}

/** The control API says itself what is wrong; anything else that answers is no emulator. */
function refusal(origin: string, request: string, response: HttpResponse): Error {
  let said: { message?: unknown; hint?: unknown } | undefined;
  try {
    said = (response.json() as { error?: { message?: unknown; hint?: unknown } }).error;
  } catch {
    // Said below.
  }
  if (typeof said?.message !== "string")
    return cliError(
      "CLI_EMULATOR_UNREACHABLE",
      `What answers at ${origin} is no emulator: ${request} ended with ${response.status}`,
      { hint: "Check the address; nightlatch emulator start prints it" },
    );
  return cliError("CLI_EMULATOR_REFUSED", `The emulator at ${origin} refuses: ${said.message}`, {
    ...(typeof said.hint === "string" ? { hint: said.hint } : {}),
  });
}

/**
 * Gets an administrator's token for Graph from the emulator, which gives one to whoever reaches its control API.
 *
 * @param origin - of the emulator
 * @param tenantId - which tenant; its first one when absent
 * @param transport - trusts the emulator's authority
 * @param context - the command's surroundings
 * @returns the token and the tenant it belongs to
 */
export async function emulatorAdministratorToken(
  origin: string,
  tenantId: string | undefined,
  transport: Transport,
  context: Context,
): Promise<{ readonly accessToken: string; readonly tenantId: string }> {
  const roles = ["Application.ReadWrite.All", "AppRoleAssignment.ReadWrite.All", "Directory.ReadWrite.All"];
  const wish = { ...(tenantId === undefined ? {} : { tenantId }), roles };
  const answer = (await patiently(
    () => callControl(origin, "POST", "/tokens", wish, transport, context),
    context,
  )) as { access_token: string };
  const { payload } = inspectAccessToken(answer.access_token);
  return { accessToken: answer.access_token, tenantId: String(payload["tid"]) };
}

const startUpMs = 4_000;

/** Scripts start an emulator in the background and go on at once: it is given the time to come up. */
async function patiently<Value>(ask: () => Promise<Value>, { signal }: Context): Promise<Value> {
  const endsAtMs = performance.now() + startUpMs;
  for (;;)
    try {
      return await ask();
    } catch (error) {
      const { cause } = error as Error;
      const isRefused = isNightlatchError(cause) && cause.code === "OAUTH_NETWORK_CONNECT";
      if (!isRefused || performance.now() > endsAtMs) throw error;
      await wait(150, undefined, { signal });
    }
}
