/** A thin client for the directory half of Graph: sends JSON, reads JSON, follows pages, types refusals. */
import { NightlatchError } from "@nightlatch/credential/assertion";
import { correlationHeaders } from "../transport/correlation.ts";
import { sendWithRetry } from "../transport/retry.ts";
import type { HttpResponse, Transport } from "../transport/transport.ts";
import { REGISTRATION_ERRORS } from "./errors.ts";

/** What the client needs. */
export interface GraphDirectoryOptions {
  readonly transport: Transport;
  /** Graph with its version, for example `https://graph.microsoft.com/v1.0`; no trailing slash. */
  readonly endpoint: string;
  /** Gives an access token for Graph whose bearer may do what is asked. */
  readonly accessToken: () => Promise<string>;
  readonly signal?: AbortSignal | undefined;
}

/** Sends one request to the directory. */
export interface GraphDirectoryClient {
  /** @returns the answer's JSON, `undefined` for 204 */
  send(method: "GET" | "POST" | "PATCH" | "DELETE", path: string, body?: unknown): Promise<unknown>;
  /** @returns every item of a collection, all pages */
  list<Item>(path: string): Promise<Item[]>;
}

/**
 * Makes a client.
 *
 * @param options - transport, endpoint, token
 * @returns the client; each method throws `OAUTH_DIRECTORY_REFUSED` with Graph's own code and request id
 */
export function createGraphDirectoryClient(options: GraphDirectoryOptions): GraphDirectoryClient {
  const sendTo = async (method: string, url: string, body?: unknown): Promise<unknown> => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const response = await sendWithRetry(
      options.transport,
      {
        method,
        url,
        headers: {
          Authorization: `Bearer ${await options.accessToken()}`,
          Accept: "application/json",
          ...correlationHeaders(),
          ...(text === undefined ? {} : { "Content-Type": "application/json" }),
        },
        ...(text === undefined ? {} : { body: text }),
        signal: options.signal,
      },
      { repeatable: () => method === "GET" || method === "DELETE" || method === "PATCH" },
    );
    if (response.status >= 200 && response.status < 300)
      return response.body.length === 0 ? undefined : response.json();
    throw refusal(method, url, response);
  };
  return {
    send: (method, path, body) => sendTo(method, `${options.endpoint}${path}`, body),
    async list<Item>(path: string) {
      const items: Item[] = [];
      let url: string | undefined = `${options.endpoint}${path}`;
      while (url !== undefined) {
        const page = (await sendTo("GET", url)) as { value: Item[]; "@odata.nextLink"?: string };
        items.push(...page.value);
        url = page["@odata.nextLink"];
        if (url !== undefined && new URL(url).origin !== new URL(options.endpoint).origin)
          throw new NightlatchError(
            REGISTRATION_ERRORS,
            "OAUTH_DIRECTORY_REFUSED",
            `Graph pointed to another host: "${url}"`,
          );
      }
      return items;
    },
  };
}

function refusal(method: string, url: string, response: HttpResponse): NightlatchError {
  const body = errorOf(response);
  const where = `${method} ${new URL(url).pathname}`;
  const hint =
    response.status === 401
      ? "Get a fresh administrator's token for Microsoft Graph"
      : response.status === 403
        ? "The token's bearer needs Application.ReadWrite.All and AppRoleAssignment.ReadWrite.All (or the Application Administrator role)"
        : undefined;
  return new NightlatchError(
    REGISTRATION_ERRORS,
    "OAUTH_DIRECTORY_REFUSED",
    `The directory refused ${where} with ${response.status}: ${body.code ?? "no code"}, "${body.message ?? ""}"`,
    {
      hint,
      details: {
        status: response.status,
        graphCode: body.code,
        graphMessage: body.message,
        requestId: response.headers["request-id"],
        clientRequestId: response.headers["client-request-id"],
      },
    },
  );
}

function errorOf(response: HttpResponse): { code?: string; message?: string } {
  try {
    return ((response.json() as { error?: unknown }).error ?? {}) as { code?: string; message?: string };
  } catch {
    return {};
  }
}
