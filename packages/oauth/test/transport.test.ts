import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import {
  createTransport,
  type HttpRequest,
  sendWithRetry,
  type Transport,
  type TransportOptions,
} from "@nightlatch/oauth";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  type Authority,
  type Leaf,
  type Listening,
  makeAuthority,
  serveHttps,
  serveProxy,
  serveTcp,
} from "./tls-double.ts";

let authority: Authority;
let leaf: Leaf;
beforeAll(() => {
  authority = makeAuthority();
  leaf = authority.leaf();
});

const open: (Listening | Transport)[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});
const keep = <Thing extends Listening | Transport>(thing: Thing): Thing => {
  open.push(thing);
  return thing;
};
const serve = async (
  ...args: Parameters<typeof serveHttps> extends [unknown, ...infer Rest] ? Rest : never
) => keep(await serveHttps(leaf, ...args));
const transportWith = (options: TransportOptions = {}) =>
  keep(createTransport({ ca: authority.caPem, proxy: false, ...options }));
const failure = (sending: Promise<unknown>) =>
  sending.then(
    () => undefined,
    (error: unknown) => error,
  );
const get = (url: string, rest: Partial<HttpRequest> = {}): HttpRequest => ({ method: "GET", url, ...rest });

describe("createTransport", () => {
  it("send() hands on the body of a 200 as it arrives, and gives any other whole", async () => {
    let finish = (): void => {};
    const server = await serve((request, response) => {
      if (request.url === "/refused") return response.writeHead(403).end("no");
      response.writeHead(200);
      response.write("first half, ");
      finish = () => response.end("second half");
    });
    const transport = transportWith();
    let seen = "";
    const onBodyPart = (part: Uint8Array): void => {
      seen += Buffer.from(part).toString();
      // The server ends its answer only after the client has got the beginning.
      if (seen === "first half, ") finish();
    };
    const answered = await transport.send(get(`${server.origin}/`, { onBodyPart }));
    expect(seen).toBe("first half, second half");
    expect(answered).toMatchObject({ status: 200 });
    expect(answered.body.byteLength).toBe(0);
    const refused = await transport.send(get(`${server.origin}/refused`, { onBodyPart }));
    expect(refused.text()).toBe("no");
    expect(seen).toBe("first half, second half");
  });

  it("send() carries method, path, headers and body, and gives the answer whole", async () => {
    const server = await serve((request, response) => {
      let body = "";
      request
        .on("data", (chunk) => (body += chunk))
        .on("end", () => {
          response.writeHead(207, { "X-Test": "a", "Set-Cookie": ["one=1", "two=2"] });
          response.end(
            JSON.stringify({ method: request.method, url: request.url, headers: request.headers, body }),
          );
        });
    });
    const response = await transportWith({ userAgent: "test/1" }).send({
      method: "PATCH",
      url: `${server.origin}/a%20b?x=ä`,
      headers: { "If-Match": "W/1" },
      body: "grüße",
    });
    expect(response.status).toBe(207);
    expect(response.headers).toMatchObject({ "x-test": "a", "set-cookie": "one=1, two=2" });
    const seen = response.json() as { headers: Record<string, string> };
    expect(seen).toMatchObject({ method: "PATCH", url: "/a%20b?x=%C3%A4", body: "grüße" });
    expect(seen.headers).toMatchObject({ "if-match": "W/1", "content-length": "7", "user-agent": "test/1" });
    expect(seen.headers["accept-encoding"]).toBeUndefined();
  });

  it("send() keeps connections and uses them again", async () => {
    const server = await serve((_request, response) => response.end("{}"));
    const transport = transportWith();
    for (let request = 0; request < 10; request++) await transport.send(get(server.origin));
    expect(server.connections()).toBe(1);
  });

  it("send() opens no more than maxConnections", async () => {
    const server = await serve((_request, response) => void setTimeout(() => response.end("{}"), 20));
    const transport = transportWith({ maxConnections: 3 });
    await Promise.all(Array.from({ length: 12 }, () => transport.send(get(server.origin))));
    expect(server.connections()).toBe(3);
  });

  it("send() with ca trusts Node's roots as before and the given CA besides", async () => {
    const server = await serve((_request, response) => response.end("{}"));
    const untrusting = keep(createTransport({ proxy: false }));
    expect(await failure(untrusting.send(get(server.origin)))).toMatchObject({
      code: "OAUTH_NETWORK_TLS_UNTRUSTED",
      retryable: false,
      details: { answerLost: false },
    });
    expect((await transportWith().send(get(server.origin))).status).toBe(200);
  });

  it("send() refuses http, and gives redirects as answers", async () => {
    expect(await failure(transportWith().send(get("http://localhost/")))).toMatchObject({
      code: "OAUTH_NETWORK_INSECURE",
    });
    const server = await serve((_request, response) =>
      response.writeHead(302, { Location: "https://elsewhere.example/" }).end(),
    );
    expect((await transportWith().send(get(server.origin))).status).toBe(302);
  });
});

describe("failures of a request", () => {
  it("a certificate for another name, an expired one, no TLS, no listener and no such host are told apart", async () => {
    const otherName = keep(await serveHttps(authority.leaf({ host: "other.example" }), () => undefined));
    const expired = keep(await serveHttps(authority.leaf({ days: -1 }), () => undefined));
    const plain = keep(await serveTcp((socket) => void socket.end("HTTP/1.1 400 Bad\r\n\r\n")));
    const gone = await serveTcp(() => undefined);
    await gone.close();
    const transport = transportWith();
    const codes: unknown[] = [];
    for (const url of [
      otherName.origin,
      expired.origin,
      plain.origin,
      gone.origin,
      "https://no-such-host.invalid/",
    ]) {
      const error = await failure(transport.send(get(url)));
      codes.push((error as { code: string }).code);
      expect(error).toMatchObject({ details: { answerLost: false } });
    }
    expect(codes).toEqual([
      "OAUTH_NETWORK_TLS_NAME",
      "OAUTH_NETWORK_TLS_EXPIRED",
      "OAUTH_NETWORK_TLS",
      "OAUTH_NETWORK_CONNECT",
      "OAUTH_NETWORK_DNS",
    ]);
  });

  it("a connection that breaks after the request, or in the middle of the answer, says that the answer is lost", async () => {
    const before = await serve((request) => request.socket.destroy());
    const within = await serve((_request, response) => {
      response.writeHead(200, { "Content-Length": "100" });
      response.write("half");
      setTimeout(() => response.destroy(), 10);
    });
    const transport = transportWith();
    expect(await failure(transport.send(get(before.origin)))).toMatchObject({
      code: "OAUTH_NETWORK_LOST",
      details: { answerLost: true, reusedConnection: false },
    });
    expect(await failure(transport.send(get(within.origin)))).toMatchObject({
      code: "OAUTH_NETWORK_LOST",
      details: { answerLost: true, status: 200 },
    });
  });

  it("timeoutMs bounds the whole answer, and says whether the request had gone out", async () => {
    const slow = await serve((_request, response) => void response.write("…"));
    const mute = keep(await serveTcp(() => undefined));
    const transport = transportWith();
    expect(await failure(transport.send(get(slow.origin, { timeoutMs: 60 })))).toMatchObject({
      code: "OAUTH_NETWORK_TIMEOUT",
      details: { answerLost: true },
    });
    expect(await failure(transport.send(get(mute.origin, { timeoutMs: 60 })))).toMatchObject({
      code: "OAUTH_NETWORK_TIMEOUT",
      details: { answerLost: false },
    });
  });

  it("a signal ends a request, before it starts as well", async () => {
    const slow = await serve(() => undefined);
    const transport = transportWith();
    const controller = new AbortController();
    const sending = failure(transport.send(get(slow.origin, { signal: controller.signal })));
    setTimeout(() => controller.abort(new Error("enough")), 30);
    expect(await sending).toMatchObject({
      code: "OAUTH_ABORTED",
      cause: expect.objectContaining({ message: "enough" }),
    });
    expect(await failure(transport.send(get(slow.origin, { signal: AbortSignal.abort() })))).toMatchObject({
      code: "OAUTH_ABORTED",
      details: { answerLost: false },
    });
  });

  it("an answer beyond maxResponseBytes is cut off", async () => {
    const server = await serve((_request, response) => response.end("x".repeat(2_000)));
    expect(await failure(transportWith({ maxResponseBytes: 1_000 }).send(get(server.origin)))).toMatchObject({
      code: "OAUTH_NETWORK_TOO_LARGE",
    });
  });

  it("an answer that is not HTTP shows none of its bytes", async () => {
    const server = await serve((request) => void request.socket.end("canary-token is not HTTP\r\n\r\n"));
    const error = await failure(transportWith().send(get(server.origin)));
    expect(error).toMatchObject({ code: "OAUTH_UNREADABLE_ANSWER", details: { answerLost: true } });
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain(
      Buffer.from("canary").toString("hex").replace(/../g, "$& ").trim(),
    );
  });

  it("json() of an answer that is not JSON quotes nothing of it", async () => {
    const server = await serve((_request, response) => response.end('{"access_token":"canary'));
    const response = await transportWith().send(get(server.origin));
    const error = await failure((async () => response.json())());
    expect(error).toMatchObject({ code: "OAUTH_UNREADABLE_ANSWER", details: { status: 200 } });
    expect(inspect(error, { depth: null }) + inspect(response) + JSON.stringify(response)).not.toContain(
      "canary",
    );
  });

  it("sendWithRetry() does not notice that the server had closed the kept connection", async () => {
    let requests = 0;
    const server = await serve((request, response) => {
      requests += 1;
      if (requests === 2) request.socket.destroy();
      else response.end("{}");
    });
    const transport = transportWith();
    await transport.send(get(server.origin));
    expect(await failure(transport.send(get(server.origin)))).toMatchObject({
      code: "OAUTH_NETWORK_LOST",
      details: { answerLost: true, reusedConnection: true },
    });
    requests = 0;
    await transport.send(get(server.origin));
    const startedAtMs = performance.now();
    expect((await sendWithRetry(transport, get(server.origin))).status).toBe(200);
    expect(performance.now() - startedAtMs).toBeLessThan(200);
  });
});

describe("proxy", () => {
  it("send() goes through the proxy of the environment, by CONNECT, over kept connections, and past it by NO_PROXY", async () => {
    const server = await serve((_request, response) => response.end("{}"));
    const proxy = keep(await serveProxy());
    const env = { HTTPS_PROXY: proxy.origin };
    const through = transportWith({ env, proxy: undefined });
    for (let request = 0; request < 3; request++)
      expect((await through.send(get(server.origin))).status).toBe(200);
    expect(proxy.seen).toEqual([`localhost:${server.port}`]);
    const past = transportWith({ env: { ...env, NO_PROXY: "localhost" }, proxy: undefined });
    expect((await past.send(get(server.origin))).status).toBe(200);
    expect(proxy.seen).toHaveLength(1);
  });

  it("send() gives the proxy user name and password, and shows them in no error", async () => {
    const server = await serve((_request, response) => response.end("{}"));
    const wanted = `Basic ${Buffer.from("user:p@ss-canary").toString("base64")}`;
    const proxy = keep(
      await serveProxy((_authority, authorization) => (authorization === wanted ? undefined : 407)),
    );
    const host = proxy.origin.replace("http://", "");
    expect(
      (await transportWith({ proxy: `http://user:p%40ss-canary@${host}` }).send(get(server.origin))).status,
    ).toBe(200);
    const error = await failure(
      transportWith({ proxy: `http://user:wrong-canary@${host}` }).send(get(server.origin)),
    );
    expect(error).toMatchObject({ code: "OAUTH_NETWORK_PROXY", details: { status: 407, answerLost: false } });
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain("canary");
  });

  it.each([
    ["50%off", "50%off"],
    ["caf%C3%A9", "café"],
    ["%e9t%zz", "%e9t%zz"],
  ])(
    "send() takes the proxy password %s although it is not escaped as it should be",
    async (spelled, meant) => {
      const server = await serve((_request, response) => response.end("{}"));
      const wanted = `Basic ${Buffer.from(`user:${meant}`).toString("base64")}`;
      const proxy = keep(
        await serveProxy((_authority, authorization) => (authorization === wanted ? undefined : 407)),
      );
      const origin = proxy.origin.replace("http://", `http://user:${spelled}@`);
      expect((await transportWith({ proxy: origin }).send(get(server.origin))).status).toBe(200);
    },
  );

  it("a proxy that is not there, that refuses, or that speaks no HTTP is named as the cause", async () => {
    const gone = await serveProxy();
    await gone.close();
    const refusing = keep(await serveProxy(() => 403));
    const garbage = keep(await serveTcp((socket) => void socket.write("SSH-2.0-OpenSSH\r\n\r\n")));
    for (const origin of [gone.origin, refusing.origin, garbage.origin.replace("https", "http")]) {
      const error = await failure(transportWith({ proxy: origin }).send(get("https://localhost:1/")));
      expect(error).toMatchObject({ code: "OAUTH_NETWORK_PROXY", details: { answerLost: false } });
    }
  });

  it("a proxy that does not answer keeps neither a deadline nor a signal waiting, and no connection open", async () => {
    let isOpen = 0;
    const silent = keep(
      await serveTcp((socket) => {
        isOpen += 1;
        socket.resume().on("close", () => {
          isOpen -= 1;
        });
      }),
    );
    const transport = transportWith({ proxy: silent.origin.replace("https", "http") });
    const startedAtMs = performance.now();
    expect(await failure(transport.send({ ...get("https://localhost:1/"), timeoutMs: 100 }))).toMatchObject({
      code: "OAUTH_NETWORK_TIMEOUT",
      details: { answerLost: false },
    });
    const signal = AbortSignal.timeout(100);
    expect(await failure(transport.send({ ...get("https://localhost:1/"), signal }))).toMatchObject({
      code: "OAUTH_ABORTED",
    });
    expect(performance.now() - startedAtMs).toBeLessThan(2_000);
    await expect.poll(() => isOpen).toBe(0);
  });

  it("the server behind a proxy is checked as any other", async () => {
    const server = keep(await serveHttps(authority.leaf({ host: "other.example" }), () => undefined));
    const proxy = keep(await serveProxy());
    expect(await failure(transportWith({ proxy: proxy.origin }).send(get(server.origin)))).toMatchObject({
      code: "OAUTH_NETWORK_TLS_NAME",
    });
  });
});

it("the transport files import nothing but Node and our own floor", () => {
  for (const name of [
    "transport",
    "https-connections",
    "agent",
    "connect-proxy",
    "retry",
    "response",
    "network-error",
  ]) {
    const text = readFileSync(new URL(`../src/transport/${name}.ts`, import.meta.url), "utf8");
    const imports = [...text.matchAll(/from "([^"]+)"/g)].map((match) => match[1] ?? "");
    expect(imports.filter((each) => !/^(node:|\.|@nightlatch\/)/.test(each))).toEqual([]);
  }
});
