/** The API on a socket, with keys fetched over one. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createMemoryCalendar } from "@nightlatch/calendar";
import { createTransport } from "@nightlatch/oauth";
import { afterEach, describe, expect, test } from "vitest";
import { createApp, type RunningServer, serve } from "../src/index.ts";
import { lesson, makeSchool, ROOM, readerToken } from "./school.ts";
import { AUDIENCE, appClaims, keySetOf, makeKey, NOW, sign, TENANT_ID } from "./signing-tenant.ts";

const run = promisify(execFile);
const running: { close(): unknown }[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
});

async function start(...parameters: Parameters<typeof serve>): Promise<RunningServer> {
  const server = await serve(...parameters);
  running.push(server);
  return server;
}

/** A certificate for localhost, made by openssl. */
async function makeTls(): Promise<{ certificatePem: string; privateKeyPem: string }> {
  const folder = mkdtempSync(join(tmpdir(), "nightlatch-serve-"));
  const [key, certificate] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  await run("openssl", [
    "req",
    "-x509",
    "-newkey",
    "rsa:2048",
    "-nodes",
    "-days",
    "2",
    "-subj",
    "/CN=localhost",
    "-addext",
    "subjectAltName=DNS:localhost,IP:127.0.0.1",
    "-keyout",
    key,
    "-out",
    certificate,
  ]);
  const tls = { certificatePem: readFileSync(certificate, "utf8"), privateKeyPem: readFileSync(key, "utf8") };
  rmSync(folder, { recursive: true });
  return tls;
}

describe("serve()", () => {
  test("answers over TLS, and fetches the tenant's keys over TLS through the transport of @nightlatch/oauth", async () => {
    const tls = await makeTls();
    const key = makeKey("tenant-key");
    const keySet = await keySetOf([key]);
    let fetchCount = 0;
    const tenant = await start(
      {
        fetch: () => {
          fetchCount += 1;
          return Response.json(keySet);
        },
      },
      { port: 0, tls },
    );
    const transport = createTransport({ ca: tls.certificatePem, proxy: false });
    running.push(transport);
    const calendar = createMemoryCalendar();
    await calendar.createEvent(ROOM, lesson("2026-09-07T09:00:00", "Physics"));
    const app = createApp({
      calendar,
      now: () => NOW,
      authentication: {
        tenantId: TENANT_ID,
        audience: AUDIENCE,
        jwksUri: `https://localhost:${tenant.port}/keys`,
        transport,
      },
    });
    const server = await start(app, { port: 0, tls });
    const token = await sign(appClaims(), key);
    const address = `${server.origin}/v1/mailboxes/${ROOM}/events?from=2026-09-07&to=2026-09-14`;
    for (let round = 0; round < 3; round += 1) {
      const response = await transport.send({
        method: "GET",
        url: address,
        headers: { authorization: `Bearer ${token}` },
      });
      expect(response.status).toBe(200);
      expect(response.json()).toMatchObject({ items: [{ subject: "Physics" }] });
    }
    expect(fetchCount).toBe(1);
  });

  test("is understood by curl", async () => {
    const { app, calendar } = makeSchool();
    await calendar.createEvent(ROOM, lesson("2026-09-07T09:00:00", "Physics"));
    const { origin } = await start(app, { port: 0 });
    const { stdout } = await run("curl", [
      "-sS",
      "--noproxy",
      "*",
      "-H",
      `Authorization: Bearer ${readerToken}`,
      `${origin}/v1/mailboxes/${ROOM}/calendar.ics?from=2026-09-07&to=2026-09-14`,
    ]);
    expect(stdout).toContain("SUMMARY:Physics");
  });

  test("reads bodies with and without a stated length, and neither beyond the limit", async () => {
    const { app } = makeSchool({ authentication: { dangerouslyAllowAnonymous: true } });
    const { origin } = await start(app, { port: 0 });
    const address = `${origin}/v1/mailboxes/${ROOM}/events`;
    const body = JSON.stringify(lesson("2026-09-07T09:00:00", "Physics"));
    const large = JSON.stringify(lesson("2026-09-07T09:00:00", "x".repeat(200_000)));
    const chunked = (text: string) => {
      const bytes = Buffer.from(text);
      let sent = 0;
      return new ReadableStream({
        pull(controller) {
          controller.enqueue(bytes.subarray(sent, sent + 1000));
          sent += 1000;
          if (sent >= bytes.length) controller.close();
        },
      });
    };
    const post = (content: string | ReadableStream, headers = { "Content-Type": "application/json" }) =>
      fetch(address, { method: "POST", headers, body: content, duplex: "half" } as RequestInit);
    expect((await post(body)).status).toBe(201);
    expect((await post(chunked(body))).status).toBe(201);
    expect((await post(large)).status).toBe(413);
    expect(
      await post(chunked(large)).then(
        ({ status }) => status,
        () => 413,
      ),
    ).toBe(413);
    expect((await fetch(address, { method: "POST" })).status).toBe(400);
    expect((await fetch(address, { method: "POST", body: Buffer.from(body) })).status).toBe(415);
    expect((await fetch(`${address}/none`, { method: "DELETE" })).status).toBe(404);
  });

  test("close() lets a request under way finish, ends idle connections at once, and takes no more", async () => {
    let release = (): void => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    let arrived = (): void => {};
    const inside = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const app = {
      fetch: async (request: Request) => {
        if (request.url.endsWith("/slow")) {
          arrived();
          await gate;
        }
        return new Response("done");
      },
    };
    const server = await serve(app, { port: 0, graceMs: 5000 });
    await (await fetch(`${server.origin}/idle`)).text();
    const slow = fetch(`${server.origin}/slow`);
    await inside;
    const startedAtMs = performance.now();
    const closing = server.close();
    setTimeout(release, 50);
    expect(await (await slow).text()).toBe("done");
    await closing;
    expect(performance.now() - startedAtMs).toBeLessThan(2000);
    await expect(fetch(server.origin)).rejects.toThrow();
    await server.close();
  });

  test("close() ends what does not finish within the grace", async () => {
    const server = await serve({ fetch: () => new Promise<Response>(() => {}) }, { port: 0, graceMs: 100 });
    const stuck = fetch(server.origin).catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await server.close();
    expect(await stuck).toBeInstanceOf(Error);
  });

  test("says when the port is taken", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    running.push(other);
    const { port } = other.address() as AddressInfo;
    await expect(serve(makeSchool().app, { port })).rejects.toMatchObject({ code: "SERVER_LISTEN_FAILED" });
  });

  test("warns when tokens would travel unencrypted beyond this machine", async () => {
    const warnings: string[] = [];
    const onWarning = (message: string) => warnings.push(message);
    await start(makeSchool().app, { port: 0, onWarning });
    expect(warnings).toEqual([]);
    const server = await start(makeSchool().app, { port: 0, host: "0.0.0.0", onWarning });
    expect(warnings).toHaveLength(1);
    expect(server.origin).toBe(`http://localhost:${server.port}`);
  });

  test("stops reading the calendar when the caller goes away", async () => {
    let aborted = (): void => {};
    const wasAborted = new Promise<void>((resolve) => {
      aborted = resolve;
    });
    const calendar = createMemoryCalendar();
    const slow = Object.assign(Object.create(calendar) as typeof calendar, {
      listCalendars: (_mailbox: string, options: { signal?: AbortSignal }) =>
        new Promise((_resolve, reject) => {
          options.signal?.addEventListener("abort", () => {
            aborted();
            reject(options.signal?.reason);
          });
        }),
    });
    const { app } = makeSchool({ calendar: slow, authentication: { dangerouslyAllowAnonymous: true } });
    const { origin } = await start(app, { port: 0, graceMs: 100 });
    const controller = new AbortController();
    const request = fetch(`${origin}/v1/mailboxes/${ROOM}/calendars`, { signal: controller.signal }).catch(
      () => {},
    );
    setTimeout(() => controller.abort(), 100);
    await request;
    await wasAborted;
  });
});
