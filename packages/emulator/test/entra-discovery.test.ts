import { createHash, X509Certificate } from "node:crypto";
import { request } from "node:https";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunningEmulator } from "../src/index.ts";
import {
  type Answer,
  DAEMON,
  headerOf,
  makeCertificate,
  SECRET,
  schoolSeed,
  send,
  startSchool,
  TENANT,
} from "./entra-school.ts";

let emulator: RunningEmulator;

beforeAll(async () => {
  emulator = await startSchool(schoolSeed(makeCertificate("Timetable daemon")));
});

afterAll(() => emulator.close());

/** Asks under a real host name, as a hosts entry or the proxy would lead it here. */
function underName(host: string, path: string): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(emulator.origin);
    request(
      {
        host: "127.0.0.1",
        port,
        path,
        servername: host,
        ca: emulator.caPem,
        headers: { host },
        agent: false,
      },
      (incoming) => {
        let text = "";
        incoming.setEncoding("utf8");
        incoming.on("data", (chunk: string) => {
          text += chunk;
        });
        incoming.on("end", () => resolve(JSON.parse(text) as Record<string, unknown>));
      },
    )
      .on("error", reject)
      .end();
  });
}

describe("openid-configuration", () => {
  it("has on v2 the members that were captured in 2024", async () => {
    const { json } = await send(emulator, `/${TENANT}/v2.0/.well-known/openid-configuration`);
    expect(Object.keys(json)).toEqual([
      ...["token_endpoint", "token_endpoint_auth_methods_supported", "jwks_uri", "response_modes_supported"],
      ...["subject_types_supported", "id_token_signing_alg_values_supported", "response_types_supported"],
      ...["scopes_supported", "issuer", "request_uri_parameter_supported", "userinfo_endpoint"],
      ...["authorization_endpoint", "device_authorization_endpoint", "http_logout_supported"],
      ...["frontchannel_logout_supported", "end_session_endpoint", "claims_supported", "kerberos_endpoint"],
      ...["tenant_region_scope", "cloud_instance_name", "cloud_graph_host_name", "msgraph_host", "rbac_url"],
    ]);
    expect(json["issuer"]).toBe(`${emulator.origin}/${TENANT}/v2.0`);
  });

  it("names the tenant by GUID when it was asked by domain", async () => {
    const { json } = await send(emulator, "/school.example/v2.0/.well-known/openid-configuration");
    expect(json["token_endpoint"]).toBe(`${emulator.origin}/${TENANT}/oauth2/v2.0/token`);
  });

  it("leaves the tenant open on common", async () => {
    const { json } = await send(emulator, "/common/v2.0/.well-known/openid-configuration");
    expect(json["issuer"]).toBe(`${emulator.origin}/{tenantid}/v2.0`);
    expect(json["tenant_region_scope"]).toBeNull();
  });

  it("speaks the real names under the real names, also of the clouds apart", async () => {
    const global = await underName("login.windows.net", `/${TENANT}/v2.0/.well-known/openid-configuration`);
    expect(global["token_endpoint"]).toBe(`https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token`);
    expect(global["userinfo_endpoint"]).toBe("https://graph.microsoft.com/oidc/userinfo");
    const china = await underName(
      "login.partner.microsoftonline.cn",
      `/${TENANT}/.well-known/openid-configuration`,
    );
    expect(china["issuer"]).toBe(`https://sts.chinacloudapi.cn/${TENANT}/`);
    expect(china["msgraph_host"]).toBe("microsoftgraph.chinacloudapi.cn");
    const region = await underName(
      "westeurope.login.microsoft.com",
      `/${TENANT}/v2.0/.well-known/openid-configuration`,
    );
    expect(region["issuer"]).toBe(`https://login.microsoftonline.com/${TENANT}/v2.0`);
  });

  it("answers for the regions of every cloud, by names that the certificate carries", async () => {
    // The hosts that MSAL for .NET, Go, Java and Python make of an authority and a region.
    for (const [region, canonical] of [
      ["westeurope.login.microsoft.com", "login.microsoftonline.com"],
      ["usgovvirginia.login.microsoftonline.us", "login.microsoftonline.us"],
      ["chinaeast2.login.partner.microsoftonline.cn", "login.partner.microsoftonline.cn"],
    ] as const) {
      const json = await underName(region, `/${TENANT}/v2.0/.well-known/openid-configuration`);
      expect(json["token_endpoint"]).toBe(`https://${canonical}/${TENANT}/oauth2/v2.0/token`);
    }
  });

  it("is found in any case of letters and with a slash at the end, as all of the token service", async () => {
    for (const path of [
      `/${TENANT.toUpperCase()}/V2.0/.Well-Known/OpenID-Configuration`,
      `/${TENANT}/v2.0/.well-known/openid-configuration/`,
    ])
      expect((await send(emulator, path)).json["jwks_uri"]).toBe(
        `${emulator.origin}/${TENANT}/discovery/v2.0/keys`,
      );
    const form = {
      grant_type: "client_credentials",
      client_id: DAEMON,
      client_secret: SECRET,
      resource: "https://graph.microsoft.com",
    };
    for (const path of [`/${TENANT}/OAuth2/Token`, `/${TENANT}/oauth2/token/`])
      expect((await send(emulator, path, { form })).json["token_type"]).toBe("Bearer");
    expect((await send(emulator, `/${TENANT}/oauth2/tokens`, { form })).status).toBe(404);
  });

  it("has on v1 the issuer of old and further members", async () => {
    const { json } = await send(emulator, `/${TENANT}/.well-known/openid-configuration`);
    expect(json["issuer"]).toBe(`https://sts.windows.net/${TENANT}/`);
    expect(json["microsoft_multi_refresh_token"]).toBe(true);
    expect(json["scopes_supported"]).toEqual(["openid"]);
    expect(json["check_session_iframe"]).toBe(`${emulator.origin}/${TENANT}/oauth2/checksession`);
  });

  it("answers 400 invalid_tenant for an unknown tenant", async () => {
    const answer = await send(emulator, "/nowhere.example/v2.0/.well-known/openid-configuration");
    expect([answer.status, answer.json["error"], answer.json["error_codes"]]).toEqual([
      400,
      "invalid_tenant",
      [90002],
    ]);
  });
});

describe("keys", () => {
  const keysOf = async (version = "/v2.0"): Promise<Record<string, unknown>[]> =>
    (await send(emulator, `/common/discovery${version}/keys`)).json["keys"] as Record<string, unknown>[];

  it("publish the certificate whose thumbprint is the key id", async () => {
    const [key] = await keysOf();
    const [x5c] = (key?.["x5c"] ?? []) as string[];
    const der = Buffer.from(String(x5c), "base64");
    expect(key?.["kid"]).toBe(createHash("sha1").update(der).digest("base64url"));
    expect(key?.["x5t"]).toBe(key?.["kid"]);
    expect(new X509Certificate(der).subject).toBe("CN=accounts.accesscontrol.windows.net");
    expect(key?.["issuer"]).toBe(`${emulator.origin}/{tenantid}/v2.0`);
    expect((await keysOf(""))[0]).not.toHaveProperty("issuer");
  });

  it("keep a retired key until its grace is over", async () => {
    const token = async (): Promise<Answer> =>
      send(emulator, `/${TENANT}/oauth2/v2.0/token`, {
        form: {
          grant_type: "client_credentials",
          client_id: DAEMON,
          client_secret: SECRET,
          scope: "https://graph.microsoft.com/.default",
        },
      });
    const before = headerOf((await token()).json["access_token"])["kid"];
    await emulator.rotateKeys(60_000);
    const after = headerOf((await token()).json["access_token"])["kid"];
    expect(after).not.toBe(before);
    expect((await keysOf()).map(({ kid }) => kid)).toEqual([after, before]);
    emulator.clock.advance(61_000);
    expect((await keysOf()).map(({ kid }) => kid)).toEqual([after]);
    emulator.reset();
    expect((await keysOf()).map(({ kid }) => kid)).toEqual([before]);
  });
});

describe("instance discovery", () => {
  const ask = (endpoint: string, version = "1.1"): Promise<Answer> =>
    send(
      emulator,
      `/common/discovery/instance?api-version=${version}&authorization_endpoint=${encodeURIComponent(endpoint)}`,
    );

  it("tells the tenant's metadata and the aliases of all clouds", async () => {
    const { json } = await ask("https://login.microsoftonline.com/contoso.example/oauth2/v2.0/authorize");
    expect(json["tenant_discovery_endpoint"]).toBe(
      "https://login.microsoftonline.com/contoso.example/v2.0/.well-known/openid-configuration",
    );
    expect(json["api-version"]).toBe("1.1");
    const metadata = json["metadata"] as { aliases: string[]; preferred_cache: string }[];
    expect(metadata[0]).toMatchObject({ preferred_cache: "login.windows.net" });
    expect(metadata[0]?.aliases).toEqual([
      "login.microsoftonline.com",
      "login.windows.net",
      "login.microsoft.com",
      "sts.windows.net",
    ]);
  });

  it("tells only the address with version 1.0", async () => {
    expect(
      Object.keys((await ask("https://login.microsoftonline.com/common/oauth2/authorize", "1.0")).json),
    ).toEqual(["tenant_discovery_endpoint"]);
  });

  it("knows itself and refuses strangers with AADSTS50049", async () => {
    expect((await ask(`${emulator.origin}/common/oauth2/v2.0/authorize`)).status).toBe(200);
    expect((await ask("https://login.microsoftonline.com:443/common/oauth2/v2.0/authorize")).status).toBe(
      200,
    );
    const refusal = await ask("https://login.example.org/common/oauth2/v2.0/authorize");
    expect([refusal.status, refusal.json["error"], refusal.json["error_codes"]]).toEqual([
      400,
      "invalid_instance",
      [50049],
    ]);
  });
});

it("the address of native clients shows an empty page, whose address they read", async () => {
  const page = await send(emulator, "/common/oauth2/nativeclient?code=abc&state=s");
  expect([page.status, page.headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"]);
});

describe("user realm", () => {
  it("tells managed domains from unknown ones", async () => {
    const realm = async (user: string) =>
      (await send(emulator, `/common/userrealm/${user}?api-version=1.0`)).json["account_type"];
    expect(await realm("room-12@school.example")).toBe("Managed");
    expect(await realm("someone@elsewhere.example")).toBe("Unknown");
  });
});
