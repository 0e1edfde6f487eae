import { execFileSync } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { run, workFolder } from "./run.ts";

const cwd = workFolder();
const tenant = "11111111-0000-4000-8000-000000000000";
const client = "22222222-0000-4000-8000-000000000000";

beforeAll(async () => {
  const made = await run(
    ["cert", "create", "--subject", "CN=Timetable push", "--out", "t.pem", "--public-out", "t.cer"],
    { cwd },
  );
  expect(made.exitCode, made.err).toBe(0);
});

describe("cert create", () => {
  it("makes a key file that only its owner can read, and openssl agrees with its dates and hash", async () => {
    expect(statSync(join(cwd, "t.pem")).mode & 0o777).toBe(0o600);
    const openssl = (...args: string[]) =>
      execFileSync("openssl", ["x509", "-in", join(cwd, "t.cer"), "-noout", ...args], { encoding: "utf8" });
    const shown = (await run(["cert", "show", "t.pem", "--json"], { cwd })).json<{
      subject: string;
      notAfter: string;
      thumbprintSha1: { hex: string };
      hasPrivateKey: boolean;
    }>();
    expect(openssl("-fingerprint", "-sha1").split("=")[1]?.replaceAll(":", "").trim()).toBe(
      shown.thumbprintSha1.hex,
    );
    expect(new Date(openssl("-enddate").split("=")[1] ?? "").toISOString()).toBe(shown.notAfter);
    expect(shown.hasPrivateKey).toBe(true);
    expect(readFileSync(join(cwd, "t.cer"), "utf8")).not.toContain("PRIVATE");
  });

  it("refuses to replace a file that is there, and leaves it as it was", async () => {
    const before = readFileSync(join(cwd, "t.pem"));
    const again = await run(["cert", "create", "--out", "t.pem"], { cwd });
    expect(again.exitCode).toBe(1);
    expect(again.err).toMatch(/^error: .*t\.pem.*\nhint: /);
    expect(readFileSync(join(cwd, "t.pem")).equals(before)).toBe(true);
  });

  it.each([
    ["1024 bits", ["--key-size", "1024"]],
    ["no days", ["--days", "0"]],
    ["an unknown option", ["--color"]],
  ])("refuses %s as wrong usage", async (_name, extra) => {
    const refused = await run(["cert", "create", "--out", "x.pem", ...extra], { cwd });
    expect(refused.exitCode).toBe(2);
    expect(refused.err.split("\n")[0]).toContain(extra[0]);
  });
});

describe("assertion create", () => {
  it("names the key by kid besides the thumbprint or instead of it", async () => {
    const header = async (...more: string[]) => {
      const words = [
        "assertion",
        "create",
        "--tenant",
        tenant,
        "--client-id",
        client,
        "--certificate",
        "t.pem",
      ];
      const made = await run([...words, ...more], { cwd });
      if (made.exitCode !== 0) return made.exitCode;
      return JSON.parse(Buffer.from(made.out.split(".")[0] ?? "", "base64url").toString()) as object;
    };
    const shown = (await run(["cert", "show", "t.pem", "--json"], { cwd })).json<{
      thumbprintSha1: { hex: string; base64url: string };
    }>();
    expect(await header("--algorithm", "RS256", "--kid", "hex")).toMatchObject({
      kid: shown.thumbprintSha1.hex,
      x5t: shown.thumbprintSha1.base64url,
    });
    expect(await header("--no-thumbprint", "--kid", "my-key")).toEqual({
      alg: "PS256",
      typ: "JWT",
      kid: "my-key",
    });
    const withChain = await header("--no-thumbprint", "--x5c");
    expect(withChain).toMatchObject({ x5c: [expect.any(String)] });
    expect(Object.keys(withChain)).not.toContain("x5t#S256");
    expect(await header("--no-thumbprint")).toBe(2);
  });
});

describe("cert check", () => {
  it("ends with 0 while there is time, with 5 when it is due", async () => {
    expect((await run(["cert", "check", "t.pem"], { cwd })).exitCode).toBe(0);
    const due = await run(["cert", "check", "t.pem", "--expires-in", "400d", "--json"], { cwd });
    expect(due.exitCode).toBe(5);
    expect(due.json()["state"]).toBe("due");
  });

  it("judges the issuers in a file as well, and every file it is given, and goes on past one it cannot read", async () => {
    const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd, stdio: "pipe" });
    const make = (name: string, days: string, ...more: string[]) =>
      openssl(
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        days,
        "-subj",
        `/CN=${name}`,
        ...more,
        "-keyout",
        `${name}.key`,
        "-out",
        `${name}.pem`,
      );
    make("issuer", "10");
    make("leaf", "300", "-CA", "issuer.pem", "-CAkey", "issuer.key");
    make("other", "300");
    const text = (...names: string[]) =>
      names.map((name) => readFileSync(join(cwd, `${name}.pem`), "utf8")).join("");
    writeFileSync(join(cwd, "chain.pem"), text("leaf", "issuer"));
    writeFileSync(join(cwd, "bundle.pem"), text("leaf", "other"));
    const check = (...args: string[]) => run(["cert", "check", "--expires-in", "30d", ...args], { cwd });
    expect((await check("leaf.pem")).exitCode).toBe(0);
    expect((await check("bundle.pem")).exitCode).toBe(0);
    const chain = await check("chain.pem", "--json");
    expect(chain.exitCode).toBe(5);
    expect(chain.json()).toMatchObject({
      subject: "CN=leaf",
      state: "ok",
      others: [{ subject: "CN=issuer", state: "due" }],
    });
    expect((await check("leaf.pem", "chain.pem")).exitCode).toBe(5);
    expect((await check("leaf.pem", "bundle.pem")).exitCode).toBe(0);
    const some = await check("leaf.key", "issuer.pem", "--json");
    expect(some.exitCode).toBe(1);
    expect(some.json()["files"]).toMatchObject([
      { file: "leaf.key", error: { code: "CREDENTIAL_CERTIFICATE_MISSING" } },
      { file: "issuer.pem", state: "due" },
    ]);
    expect((await check("leaf.pem", "leaf.pem", "--expires-in", "soon")).exitCode).toBe(2);
  });
});

describe("manifest", () => {
  it("add puts the certificate beside what stands there, and twice changes nothing", async () => {
    const other = {
      keyId: "33333333-0000-4000-8000-000000000000",
      type: "AsymmetricX509Cert",
      usage: "Verify",
      value: null,
    };
    writeFileSync(
      join(cwd, "manifest.json"),
      JSON.stringify(
        { appId: client, keyCredentials: [other], replyUrlsWithType: [], extra: { kept: true } },
        null,
        2,
      ),
    );
    const first = await run(
      ["manifest", "add", "--manifest", "manifest.json", "--certificate", "t.pem", "--json"],
      { cwd },
    );
    expect(first.json()).toMatchObject({ added: true, format: "azureAdGraph" });
    const merged = JSON.parse(readFileSync(join(cwd, "manifest.json"), "utf8"));
    expect(merged.extra).toEqual({ kept: true });
    expect(merged.keyCredentials[0]).toEqual(other);
    expect(Object.keys(merged.keyCredentials[1])).toEqual(
      expect.arrayContaining([
        "customKeyIdentifier",
        "keyId",
        "type",
        "usage",
        "value",
        "startDate",
        "endDate",
      ]),
    );
    const second = await run(
      ["manifest", "add", "--manifest", "manifest.json", "--certificate", "t.pem", "--json"],
      { cwd },
    );
    expect(second.json()).toMatchObject({ added: false });
  });

  it("names the place where a manifest is not JSON, and leaves it as it was", async () => {
    writeFileSync(join(cwd, "broken.json"), '{\n  "keyCredentials": [\n}');
    const refused = await run(["manifest", "add", "--manifest", "broken.json", "--certificate", "t.pem"], {
      cwd,
    });
    expect(refused.exitCode).toBe(1);
    expect(refused.err).toMatch(/broken\.json.*line 3/);
    expect(readFileSync(join(cwd, "broken.json"), "utf8")).toBe('{\n  "keyCredentials": [\n}');
  });
});

describe("assertion", () => {
  it("create signs with PS256 and x5t#S256, with RS256 and x5t on request; inspect shows it without the signature", async () => {
    const who = ["--tenant", tenant, "--client-id", client, "--certificate", "t.pem"];
    const modern = (await run(["assertion", "create", ...who], { cwd })).out.trim();
    const shown = await run(["assertion", "inspect", "--json"], { cwd, stdin: modern });
    expect(shown.json()).toMatchObject({
      protectedHeader: { alg: "PS256", "x5t#S256": expect.stringMatching(/^[\w-]{43}$/) },
      payload: {
        iss: client,
        sub: client,
        aud: `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/token`,
      },
    });
    expect(shown.out).not.toContain(modern.split(".")[2]);
    const older = (
      await run(["assertion", "create", ...who, "--algorithm", "RS256", "--v1"], { cwd })
    ).out.trim();
    expect((await run(["assertion", "inspect", "--json"], { cwd, stdin: older })).json()).toMatchObject({
      protectedHeader: { alg: "RS256", x5t: expect.stringMatching(/^[\w-]{27}$/) },
      payload: { aud: `https://login.microsoftonline.com/${tenant}/oauth2/token` },
    });
  });

  it("names what is missing: the tenant, the client, the certificate", async () => {
    for (const [args, missing] of [
      [[], "--tenant"],
      [["--tenant", tenant], "--client-id"],
      [["--tenant", tenant, "--client-id", client], "certificate"],
    ] as const) {
      const refused = await run(["assertion", "create", ...args], { cwd });
      expect(refused.exitCode).toBe(2);
      expect(refused.err).toContain(missing);
    }
  });
});

describe("a wrong key file", () => {
  const canary = "c4n4ry-s3cr3t";
  it.each([
    ["that is not there", "absent.pem", undefined],
    ["that is empty", "empty.pem", ""],
    ["that is a web page", "page.pem", "<!doctype html><html><body>Sign in</body></html>"],
    ["that was cut", "cut.pem", "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n"],
  ])("%s is named in one sentence, without a stack", async (_name, file, content) => {
    if (content !== undefined) writeFileSync(join(cwd, file), content + canary.slice(0, 0));
    const refused = await run(
      ["assertion", "create", "--tenant", tenant, "--client-id", client, "--certificate", file],
      { cwd },
    );
    expect(refused.exitCode).toBe(1);
    expect(refused.err).toMatch(new RegExp(`^error: .*${file}.* \\([A-Z_]+\\)\nhint: .+\n$`));
    expect(refused.err).not.toMatch(/\n\s+at /);
  });
});
