/** What commands ask of a running emulator's control API. */
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
 * @throws NightlatchError `CLI_EMULATOR_UNREACHABLE`
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
  if (response.status >= 400)
    throw cliError(
      "CLI_EMULATOR_UNREACHABLE",
      `The emulator at ${origin} refused ${method} ${path} with ${response.status}: ${response.text().slice(0, 300)}`,
      {
        hint: "Check that it is a Nightlatch emulator of this version",
      },
    );
  return response.body.length === 0 ? undefined : response.json();
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
  const answer = (await callControl(
    origin,
    "POST",
    "/tokens",
    { ...(tenantId === undefined ? {} : { tenantId }), roles },
    transport,
    context,
  )) as {
    access_token: string;
  };
  const { payload } = inspectAccessToken(answer.access_token);
  return { accessToken: answer.access_token, tenantId: String(payload["tid"]) };
}
