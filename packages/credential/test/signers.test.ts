import { execFileSync, spawnSync } from "node:child_process";
import { constants, createHash, createPrivateKey, privateEncrypt } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { importX509, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  createCertificateCredential,
  createClientAssertion,
  createKeyVaultSigner,
  createPkcs11Signer,
  createSelfSigned,
  type SelfSigned,
  type Signer,
  type SignerHttpRequest,
  type SignerHttpResponse,
} from "../src/index.ts";

const clientId = "2f877daa-b6f5-42a3-8430-acf238b234e1";
const audience = "https://login.microsoftonline.com/school.example/oauth2/v2.0/token";
const PIN = "canary-pin-4711";
const TOKEN = "canary-token-0815";

let made: SelfSigned;
let other: SelfSigned;
beforeAll(async () => {
  [made, other] = await Promise.all([
    createSelfSigned({ subject: "CN=hsm" }),
    createSelfSigned({ subject: "CN=other" }),
  ]);
});

/** An assertion by the signer, judged by jose with the certificate alone. */
async function expectVerifies(signer: Signer, algorithm: "PS256" | "RS256"): Promise<void> {
  const credential = await createCertificateCredential(made.credential.certificate, { signer });
  const assertion = await createClientAssertion(credential, { clientId, audience, algorithm });
  const key = await importX509(made.certificatePem, algorithm);
  await expect(jwtVerify(assertion, key, { audience })).resolves.toBeDefined();
}

describe("createCertificateCredential()", () => {
  it("refuses a signer whose key belongs to another certificate", async () => {
    await expect(
      createCertificateCredential(made.credential.certificate, { signer: other.credential.signer }),
    ).rejects.toMatchObject({ code: "CREDENTIAL_KEY_MISMATCH" });
  });
});

/**
 * The wire shape is Microsoft's page "sign - sign" of the Key Vault keys API, version 7.4
 * (https://learn.microsoft.com/rest/api/keyvault/keys/sign/sign): POST {vault}/keys/{name}/{version}/sign?api-version=7.4
 * with {"alg","value"}, value = base64url of the digest; 200 {"kid","value"}; errors {"error":{"code","message"}}.
 */
describe("createKeyVaultSigner()", () => {
  const path = "/keys/timetable/9885aa558e8d448789683188f8c194b0";
  let server: Server;
  let origin: string;
  let seen: { url: string; authorization: string | undefined; body: { alg: string; value: string } }[] = [];

  beforeAll(async () => {
    const key = createPrivateKey(made.privateKeyPem);
    server = createServer((incoming, outgoing) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("end", () => {
        const body = JSON.parse(Buffer.concat(chunks).toString()) as { alg: string; value: string };
        seen.push({ url: incoming.url ?? "", authorization: incoming.headers.authorization, body });
        const answer = (status: number, value: unknown) =>
          outgoing
            .writeHead(status, { "content-type": "application/json; charset=utf-8" })
            .end(JSON.stringify(value));
        if (!incoming.url?.startsWith(`${path}/sign?api-version=7.4`))
          return answer(404, {
            error: { code: "KeyNotFound", message: "A key with that name was not found" },
          });
        if (incoming.headers.authorization !== `Bearer ${TOKEN}`)
          return answer(403, {
            error: { code: "Forbidden", message: "x", innererror: { code: "ForbiddenByRbac" } },
          });
        const digest = Buffer.from(body.value, "base64url");
        return answer(200, {
          kid: `${origin}${path}`,
          value: signDigest(key, digest, body.alg).toString("base64url"),
        });
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  const signer = (keyPath = path, token = TOKEN) =>
    createKeyVaultSigner({ keyId: `${origin}${keyPath}`, send, getToken: async () => token });

  it("signs assertions with either algorithm, sending the digest alone", async () => {
    await expectVerifies(signer(), "PS256");
    await expectVerifies(signer(), "RS256");
    for (const { url, body } of seen) {
      expect(url).toBe(`${path}/sign?api-version=7.4`);
      expect(Object.keys(body)).toEqual(["alg", "value"]);
      expect(Buffer.from(body.value, "base64url")).toHaveLength(32);
    }
    seen = [];
  });

  it("names what the service refused, and shows no token", async () => {
    const refused = async (one: Signer) =>
      one.sign(Buffer.from("text"), "PS256").then(
        () => undefined,
        (error: unknown) => error,
      );
    const forbidden = await refused(signer(path, "wrong"));
    expect(forbidden).toMatchObject({
      code: "CREDENTIAL_SIGNER_REFUSED",
      details: { status: 403, code: "Forbidden", innerCode: "ForbiddenByRbac" },
    });
    expect(await refused(signer("/keys/other/1"))).toMatchObject({
      details: { status: 404, code: "KeyNotFound" },
    });
    expect(
      inspect([forbidden, signer()], { depth: 9, showHidden: true }) + JSON.stringify(signer()),
    ).not.toContain(TOKEN);
  });

  it("calls throttling and outages retryable, and nonsense a failure", async () => {
    const answering = (status: number, body: string) =>
      createKeyVaultSigner({
        keyId: `https://school.vault.azure.net${path}`,
        getToken: async () => TOKEN,
        send: async () => ({ status, body: Buffer.from(body) }),
      }).sign(Buffer.from("text"), "PS256");
    await expect(answering(429, "{}")).rejects.toMatchObject({
      code: "CREDENTIAL_SIGNER_UNAVAILABLE",
      retryable: true,
    });
    await expect(answering(503, "<html>")).rejects.toMatchObject({ retryable: true });
    await expect(answering(200, "{}")).rejects.toMatchObject({ code: "CREDENTIAL_SIGNER_FAILED" });
    await expect(answering(200, '{"value":"AQID"}')).rejects.toMatchObject({
      code: "CREDENTIAL_SIGNER_FAILED",
    });
  });

  it("refuses a keyId that is not the address of one version of a key", () => {
    for (const keyId of [
      "timetable",
      "http://school.vault.azure.net/keys/a/1",
      "https://school.vault.azure.net/keys/a",
    ])
      expect(() => createKeyVaultSigner({ keyId, send, getToken: async () => "" })).toThrow(TypeError);
  });
});

/** What a key service does: it gets a digest and never the text. */
function signDigest(key: ReturnType<typeof createPrivateKey>, digest: Buffer, alg: string): Buffer {
  if (alg === "RS256") {
    const digestInfo = Buffer.concat([Buffer.from("3031300d060960864801650304020105000420", "hex"), digest]);
    return privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, digestInfo);
  }
  return privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, encodePss(digest, 256));
}

/** EMSA-PSS-ENCODE with SHA-256 and a salt of 32 bytes (RFC 8017 §9.1.1), for a modulus of 2048 bits. */
function encodePss(digest: Buffer, length: number): Buffer {
  const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest();
  const salt = Buffer.alloc(32, 7);
  const hash = sha256(Buffer.concat([Buffer.alloc(8), digest, salt]));
  const block = Buffer.concat([Buffer.alloc(length - 66), Buffer.of(1), salt]);
  for (let counter = 0, offset = 0; offset < block.length; counter += 1) {
    const index = Buffer.alloc(4);
    index.writeUInt32BE(counter);
    for (const byte of sha256(Buffer.concat([hash, index])))
      if (offset < block.length) block[offset] = (block[offset++] ?? 0) ^ byte;
  }
  block[0] = (block[0] ?? 0) & 0x7f;
  return Buffer.concat([block, hash, Buffer.of(0xbc)]);
}

async function send(outgoing: SignerHttpRequest): Promise<SignerHttpResponse> {
  return new Promise((resolve, reject) => {
    const { method, headers } = outgoing;
    const call = request(outgoing.url, { method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) }));
    });
    call.on("error", reject);
    call.end(outgoing.body);
  });
}

const MODULES = [
  "/usr/lib/softhsm/libsofthsm2.so",
  "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
  "/usr/local/lib/softhsm/libsofthsm2.so",
];

/** SoftHSM2 and OpenSC, installed where this may be done; otherwise the reason why not. */
function findSoftHsm(): { modulePath: string } | { reason: string } {
  const found = () => {
    const there = (program: string) =>
      spawnSync(program, ["--help"], { stdio: "ignore" }).error === undefined;
    const modulePath = MODULES.find((path) => existsSync(path));
    return modulePath !== undefined && there("softhsm2-util") && there("pkcs11-tool")
      ? { modulePath }
      : undefined;
  };
  const present = found();
  if (present !== undefined) return present;
  if (process.getuid?.() !== 0)
    return { reason: "softhsm2 and opensc are not installed, and only root may install them" };
  const options = {
    stdio: "ignore",
    timeout: 60_000,
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  } as const;
  const install = () =>
    spawnSync("apt-get", ["install", "-y", "--no-install-recommends", "softhsm2", "opensc"], options);
  if (install().status !== 0) {
    spawnSync("apt-get", ["update"], options);
    install();
  }
  return found() ?? { reason: "softhsm2 and opensc are not installed, and apt-get could not install them" };
}

const hsm = findSoftHsm();
if ("reason" in hsm) console.warn(`skipped: createPkcs11Signer() against SoftHSM2: ${hsm.reason}`);

describe.skipIf("reason" in hsm)("createPkcs11Signer() with SoftHSM2", () => {
  const modulePath = "modulePath" in hsm ? hsm.modulePath : "";
  let folder: string;
  const softHsmBefore = process.env["SOFTHSM2_CONF"];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "nightlatch-hsm-"));
    process.env["SOFTHSM2_CONF"] = join(folder, "softhsm2.conf");
    writeFileSync(
      process.env["SOFTHSM2_CONF"],
      `directories.tokendir = ${folder}\nobjectstore.backend = file\nlog.level = ERROR\n`,
    );
    writeFileSync(join(folder, "key.pem"), made.privateKeyPem);
    const token = ["--token", "school", "--pin", PIN];
    execFileSync(
      "softhsm2-util",
      ["--init-token", "--free", "--label", "school", "--pin", PIN, "--so-pin", "5678"],
      { stdio: "ignore" },
    );
    execFileSync(
      "softhsm2-util",
      ["--import", join(folder, "key.pem"), ...token, "--label", "timetable", "--id", "0a01"],
      { stdio: "ignore" },
    );
    rmSync(join(folder, "key.pem"));
  });
  afterAll(() => {
    if (softHsmBefore === undefined) delete process.env["SOFTHSM2_CONF"];
    else process.env["SOFTHSM2_CONF"] = softHsmBefore;
    rmSync(folder, { recursive: true, force: true });
  });

  const signer = (options: object = {}) =>
    createPkcs11Signer({ modulePath, tokenLabel: "school", keyIdHex: "0a01", pin: PIN, ...options });

  it("signs assertions with either algorithm, by id or label, the PIN fetched or given", async () => {
    await expectVerifies(signer(), "PS256");
    await expectVerifies(
      signer({ keyIdHex: undefined, keyLabel: "timetable", pin: async () => PIN }),
      "RS256",
    );
  });

  it.each([
    ["a wrong PIN", { pin: "wrong" }, "CREDENTIAL_SIGNER_REFUSED", /PIN is wrong/],
    ["a wrong key", { keyIdHex: "ff" }, "CREDENTIAL_SIGNER_REFUSED", /no such private key/],
    ["a wrong token", { tokenLabel: "none" }, "CREDENTIAL_SIGNER_UNAVAILABLE", /no such token/],
    ["a wrong module", { modulePath: "/no/such.so" }, "CREDENTIAL_SIGNER_UNAVAILABLE", /module/],
    ["a missing program", { programPath: "/no/such" }, "CREDENTIAL_SIGNER_UNAVAILABLE", /ENOENT/],
  ])("names %s and shows no PIN", async (_, options, code, names) => {
    const error = await signer(options)
      .sign(Buffer.from("text"), "PS256")
      .then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
    expect(error).toMatchObject({ code, message: expect.stringMatching(names) });
    expect(inspect([error, signer(options)], { depth: 9, showHidden: true })).not.toContain(PIN);
    expect(JSON.stringify([error, signer(options)])).not.toContain(PIN);
  });

  it("ends a program that hangs", async () => {
    const program = join(folder, "hang.sh");
    writeFileSync(program, "#!/bin/sh\nexec sleep 30\n", { mode: 0o755 });
    const hanging = signer({ programPath: program, timeoutMs: 200 });
    await expect(hanging.sign(Buffer.from("text"), "PS256")).rejects.toMatchObject({
      code: "CREDENTIAL_SIGNER_UNAVAILABLE",
      retryable: true,
    });
  });
});

describe("createKeyObjectSigner()", () => {
  it("shows no key", () => {
    const { signer } = made.credential;
    const shown =
      inspect(signer, { depth: 9, showHidden: true }) +
      JSON.stringify(signer) +
      JSON.stringify({ ...signer });
    expect(shown).not.toMatch(/PrivateKeyObject|BEGIN|[A-Za-z0-9+/_-]{40}/);
  });

  it("signs in the thread pool, off the event loop", async () => {
    let settled = false;
    const signing = made.credential.signer.sign(Buffer.from("text"), "PS256").then(() => {
      settled = true;
    });
    // What was signed on the event loop would be there after a few microtasks; the pool answers in a later turn.
    for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
    expect(settled).toBe(false);
    await signing;
    expect(settled).toBe(true);
  });
});
