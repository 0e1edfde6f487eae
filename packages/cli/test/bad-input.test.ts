import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { loadCommands } from "../src/commands/index.ts";
import { type Ran, run, workFolder } from "./run.ts";

const commands = await loadCommands([]);

const cwd = workFolder();
const canary = "c4n4rySECRETc4n4ry";
const who = ["--tenant", "school.example", "--client-id", "11111111-2222-4333-8444-555555555555"];
const go = (...argv: string[]): Promise<Ran> => run(argv, { cwd });
const write = (name: string, content: string | Uint8Array): void => writeFileSync(join(cwd, name), content);

beforeAll(async () => {
  expect((await go("cert", "create", "--out", "t.pem", "--public-out", "t.cer")).exitCode).toBe(0);
  mkdirSync(join(cwd, "folder"));
  write("secret.txt", `${canary}\n`);
  write("broken.json", `{"secretText": "${canary}" "x"`);
  write(
    "noise.bin",
    Uint8Array.from({ length: 400 }, (_, index) => (index * 151 + 7) % 256),
  );
  write("settings.env", "AZURE_TENANT_ID=school.example\n");
});

/** One sentence with its code, one hint, no stack. */
const twoLines = /^error: [^\n]+ \([A-Z][A-Z_]+\)\nhint: [^\n]+\n$/;

describe("bad input", () => {
  it.each([
    [
      "a date that is in no calendar",
      ["calendar", "events", "--mailbox", "a@b.example", "--from", "2026-02-30T10:00Z"],
      2,
      "2026-02-30",
    ],
    [
      "a window that ends first",
      ["calendar", "events", "--mailbox", "a@b.example", "--from", "2026-12-02", "--to", "2026-12-01"],
      2,
      "2026-12-01",
    ],
    [
      "a zone that nobody has",
      ["calendar", "events", "--mailbox", "a@b.example", "--zone", "Europe/Lodnon"],
      2,
      "Europe/Lodnon",
    ],
    ["an empty mailbox", ["calendar", "list", "--mailbox", ""], 2, "--mailbox"],
    ["an address of Graph that is none", ["token", "get", "--graph", "graph"], 2, '"graph"'],
    [
      "a window and --whole",
      ["sync", "plan", "--timetable", "t.cer", "--whole", "--from", "2026-09-01"],
      2,
      "--whole",
    ],
    [
      "an unknown encoding",
      ["sync", "plan", "--timetable", "t.cer", "--encoding", "ebcdic-7"],
      2,
      "ebcdic-7",
    ],
    ["a source tag with blanks", ["sync", "plan", "--timetable", "t.cer", "--source", "a b"], 2, '"a b"'],
    [
      "two proofs at once",
      ["token", "get", ...who, "--certificate", "t.pem", "--secret-file", "secret.txt"],
      2,
      "--secret-file",
    ],
    ["settings that are no text", ["token", "get", "--settings", "noise.bin"], 2, "noise.bin"],
    ["settings without a variable of ours", ["token", "get", "--settings", "broken.json"], 2, "broken.json"],
    ["settings that are not there", ["token", "get", "--settings", "absent.env"], 1, "absent.env"],
    [
      "an authority to trust that is none",
      ["token", "get", ...who, "--certificate", "t.pem", "--ca", "noise.bin"],
      1,
      "noise.bin",
    ],
    [
      "a plan that is no plan",
      ["sync", "apply", ...who, "--certificate", "t.pem", "--plan", "broken.json"],
      1,
      "broken.json",
    ],
    ["a manifest that is not JSON", ["manifest", "show", "broken.json"], 1, "broken.json"],
    ["a manifest without keys", ["manifest", "show", "empty.json"], 1, "keyCredentials"],
    ["a folder in place of a file", ["cert", "show", "folder"], 1, "folder"],
    ["a file that takes no certificate", ["cert", "create", "--out", "folder"], 1, "folder"],
    ["a file of a missing folder", ["cert", "create", "--out", "absent/x.pem"], 1, "absent/x.pem"],
    ["a file name with a slip of the pen", ["doctor", "explain", "errror.json"], 1, "errror.json"],
    ["a folder of data that is a file", ["emulator", "start", "--port", "0", "--data", "t.cer"], 1, "t.cer"],
    [
      "feeds without a secret",
      ["serve", ...who, "--certificate", "t.pem", "--feed", "a@b.example"],
      2,
      "--feed",
    ],
  ] as const)("%s is named in one sentence with one hint", async (_name, argv, exitCode, named) => {
    write("empty.json", "{}");
    const refused = await go(...argv);
    expect(refused.err).toMatch(twoLines);
    expect(refused.err.split("\n")[0]).toContain(named);
    expect(refused.exitCode).toBe(exitCode);
    expect(refused.out).toBe("");
  });

  it("never shows what stands in a file of secrets, not even with --debug", async () => {
    const lines: readonly (readonly string[])[] = [
      [
        "token",
        "get",
        ...who,
        "--secret-file",
        "secret.txt",
        "--authority",
        "https://localhost:1",
        "--no-cache",
      ],
      ["token", "get", ...who, "--certificate", "secret.txt"],
      ["token", "get", ...who, "--certificate", "t.pem", "--ca", "secret.txt"],
      ["token", "get", "--settings", "secret.txt"],
      ["token", "inspect", "secret.txt"],
      ["assertion", "create", ...who, "--certificate", "broken.json"],
      ["manifest", "show", "broken.json"],
      ["manifest", "add", "--manifest", "broken.json", "--certificate", "t.cer"],
      ["sync", "apply", ...who, "--certificate", "t.pem", "--plan", "broken.json"],
      ["emulator", "start", "--port", "0", "--seed", "broken.json"],
      ["cert", "show", "secret.txt", "--passphrase-file", "secret.txt"],
      ["serve", ...who, "--certificate", "t.pem", "--feed-secret-file", "secret.txt"],
      ["doctor", "check", ...who, "--certificate", "secret.txt", "--authority", "https://localhost:1"],
    ];
    for (const line of lines) {
      const ran = await run([...line, "--debug"], { cwd });
      expect(ran.exitCode, line.join(" ")).not.toBe(0);
      expect(ran.out + ran.err, line.join(" ")).not.toContain(canary);
    }
  });

  it.each([
    ["--client-secret=VALUE", ["token", "get", ...who, `--client-secret=${canary}`], 2],
    ["--passphrase=VALUE with quotes and blanks", ["cert", "show", "t.pem", `--passphrase=a'b ${canary}`], 2],
    ["--passphrase-file VALUE", ["cert", "show", "t.pem", "--passphrase-file", canary], 1],
    ["--secret-file VALUE", ["token", "get", ...who, "--secret-file", canary], 1],
    ["a token to inspect", ["token", "inspect", `eyJhbGciOiJSUzI1NiJ9.${canary}.c2ln`], 1],
    ["a token as the command", [`eyJhbGciOiJSUzI1NiJ9.${canary}.c2ln`], 2],
    ["a seed", ["emulator", "start", "--port", "0", "--seed", `{"secretText":"${canary}"}`], 1],
    ["a plan to be written", ["cert", "create", "--out", `{"secretText":"${canary}"}`], 1],
  ] as const)("never shows a secret that stands where it must not: %s", async (_name, argv, exitCode) => {
    const refused = await go(...argv, "--debug");
    expect(refused.err).toMatch(/^error: [^\n]+ \([A-Z_]+\)\nhint: /);
    expect(refused.exitCode).toBe(exitCode);
    expect(refused.out + refused.err).not.toContain(canary);
  });

  it.each(["lines", "one line", "escaped", "base64 without markers"])(
    "never shows a private key that is given in the place of its file's name (%s)",
    async (form) => {
      const pem = readFileSync(join(cwd, "t.pem"), "utf8");
      const body = pem.split("\n").slice(1, -2);
      const forms: Record<string, string> = {
        lines: pem,
        "one line": pem.replaceAll("\n", " "),
        escaped: pem.replaceAll("\n", "\\n"),
        "base64 without markers": body.slice(0, 24).join(""),
      };
      const key = forms[form] ?? "";
      const lines: readonly (readonly string[])[] = [
        ["token", "get", ...who, "--certificate", key],
        ["doctor", "check", ...who, "--certificate", key, "--authority", "https://localhost:1"],
        ["cert", "thumbprint", "--", key],
        ["cert", "check", key],
        ["manifest", "add", "--certificate", key],
        ["manifest", "show", key],
        ["app", "rotate", ...who, "--certificate", key],
        ["app", "register", "--emulator", "https://localhost:1", "--name", "x", "--certificate", key],
      ];
      const inside = [body[1], body[9], body[20]].map((line) => line?.slice(0, 30) ?? "");
      for (const argv of lines) {
        for (const more of [["--debug"], ["--json"]]) {
          const words = argv.includes("--")
            ? argv.toSpliced(argv.indexOf("--"), 0, ...more)
            : [...argv, ...more];
          const refused = await run(words, { cwd });
          expect(refused.exitCode, argv[0]).not.toBe(0);
          for (const part of inside) expect(refused.out + refused.err, argv.join(" ")).not.toContain(part);
        }
      }
      const env = {
        AZURE_TENANT_ID: "school.example",
        AZURE_CLIENT_ID: "11111111-2222-4333-8444-555555555555",
        AZURE_CLIENT_CERTIFICATE_PATH: key,
      };
      const refused = await run(["token", "get", "--debug"], { cwd, env });
      expect(refused.exitCode).toBe(1);
      for (const part of inside) expect(refused.out + refused.err).not.toContain(part);
    },
  );

  it("says with its exit status that the doctor understood nothing", async () => {
    const explained = (stdin: string): Promise<Ran> => run(["doctor", "explain"], { cwd, stdin });
    expect((await explained("")).exitCode).toBe(1);
    expect((await explained("good morning")).exitCode).toBe(1);
    expect((await explained("AADSTS700027")).exitCode).toBe(5);
    expect((await run(["doctor", "explain", "t.pem"], { cwd })).exitCode).toBe(0);
  });

  it("takes control characters out of what a stranger wrote", async () => {
    write("evil.csv", "id,mailbox,subject,start,end\n1,\u001b[2Jx,S,2026-09-01 09:00,2026-09-01 10:00\n");
    const refused = await go("demo", "--timetable", "evil.csv", "--zone", "UTC");
    expect(refused.exitCode).toBe(1);
    expect(refused.err).toContain("line 2");
    expect(refused.err).not.toContain("\u001b");
  });

  it.each(commands.map(({ path }) => [path.join(" "), path] as const))(
    "%s --json prints one document also when it fails",
    async (_name, path) => {
      const refused = await run([...path, "--json", "--settings", "absent.env", "x"], { cwd });
      expect(refused.exitCode).not.toBe(0);
      expect(refused.out.trimEnd().split("\n")).toHaveLength(1);
      expect(refused.json()).toMatchObject({ error: { code: expect.any(String), hint: expect.any(String) } });
    },
  );
});

describe("cert create", () => {
  it("writes both files or none", async () => {
    const refused = await go("cert", "create", "--out", "half.pem", "--public-out", "absent/half.cer");
    expect(refused.exitCode).toBe(1);
    expect(readdirSync(cwd).filter((name) => name.includes("half"))).toEqual([]);
    expect((await go("cert", "create", "--out", "same.pem", "--public-out", "./same.pem")).exitCode).toBe(2);
  });

  it("prints the key to standard output for -, and makes no file of that name", async () => {
    const made = await go("cert", "create", "--out", "-");
    expect(made.out).toMatch(/^-----BEGIN PRIVATE KEY-----[\s\S]+-----END CERTIFICATE-----\n$/);
    expect(readdirSync(cwd)).not.toContain("-");
  });
});

describe("manifest show", () => {
  it("decodes the entries of both formats, finds the certificate, and keeps secrets to itself", async () => {
    const shown = (await go("cert", "show", "t.cer", "--json")).json<{ thumbprintSha1: { hex: string } }>();
    const { hex } = shown.thumbprintSha1;
    const pem = readFileSync(join(cwd, "t.cer"));
    const entry = { type: "AsymmetricX509Cert", usage: "Verify" };
    const manifest = {
      keyCredentials: [
        // The whole PEM text in base64, and the thumbprint as hex, as some recipes have it.
        { ...entry, keyId: "k1", customKeyIdentifier: hex, value: pem.toString("base64") },
        // Graph leaves the key out.
        {
          ...entry,
          keyId: "k2",
          customKeyIdentifier: Buffer.from(hex, "hex").toString("base64"),
          key: null,
          endDateTime: "2020-01-01T00:00:00Z",
        },
        { ...entry, keyId: "k3", customKeyIdentifier: "AAAA", value: "bm8gY2VydGlmaWNhdGU=" },
      ],
      passwordCredentials: [
        { keyId: "s1", hint: "abc", secretText: canary, endDateTime: "2099-01-01T00:00:00Z" },
      ],
    };
    write("m.json", JSON.stringify({ value: [manifest] }));
    const listed = await go("manifest", "show", "m.json", "--certificate", "t.pem", "--json");
    expect(listed.json<{ entries: unknown[] }>().entries).toMatchObject([
      { keyId: "k1", thumbprintSha1Hex: hex, isThisCertificate: true, state: "valid", remarks: [] },
      { keyId: "k2", thumbprintSha1Hex: hex, isThisCertificate: true, state: "expired" },
      { keyId: "k3", isThisCertificate: false, state: "no dates", remarks: [expect.any(String)] },
      { keyId: "s1", kind: "secret", state: "valid", remarks: [expect.any(String)] },
    ]);
    const text = await go("manifest", "show", "m.json", "--certificate", "t.pem");
    expect(text.out).toContain(hex);
    expect(listed.out + text.out).not.toContain(canary);
  });
});

describe("Azure's variables", () => {
  const audience = async (env: Record<string, string>): Promise<unknown> => {
    const made = await run(["assertion", "create", ...who, "--certificate", "t.pem"], { cwd, env });
    const shown = await run(["assertion", "inspect", "--json"], { cwd, stdin: made.out });
    return shown.json<{ payload: { aud: string } }>().payload.aud;
  };

  it.each([
    "https://login.microsoftonline.us",
    "https://login.microsoftonline.us/",
    "login.microsoftonline.us",
  ])("AZURE_AUTHORITY_HOST may be %s", async (host) => {
    expect(await audience({ AZURE_AUTHORITY_HOST: host })).toBe(
      "https://login.microsoftonline.us/school.example/oauth2/v2.0/token",
    );
  });

  it("open a PFX with the password", async () => {
    const { execFileSync } = await import("node:child_process");
    const password = `pass:${canary}`;
    const line = [
      "pkcs12",
      "-export",
      "-in",
      "t.pem",
      "-inkey",
      "t.pem",
      "-out",
      "t.pfx",
      "-passout",
      password,
    ];
    execFileSync("openssl", line, { cwd });
    const env = { AZURE_CLIENT_CERTIFICATE_PATH: "t.pfx", AZURE_CLIENT_CERTIFICATE_PASSWORD: canary };
    expect((await run(["cert", "show", "--json"], { cwd, env })).json()).toMatchObject({
      hasPrivateKey: true,
    });
    const asked = await run(["cert", "show", "t.pfx"], { cwd });
    expect(asked.err).toContain("--passphrase-file");
    const given = await run(["cert", "thumbprint", "t.pfx", "--passphrase-file", "-"], {
      cwd,
      stdin: `${canary}\n`,
    });
    expect(given.out).toBe((await go("cert", "thumbprint", "t.cer")).out);
  });

  it("of settings take the place of the proof in the environment", async () => {
    write("cert.env", "AZURE_TENANT_ID=school.example\nAZURE_CLIENT_CERTIFICATE_PATH=t.pem\n");
    const env = { AZURE_CLIENT_SECRET: canary, AZURE_CLIENT_ID: "11111111-2222-4333-8444-555555555555" };
    const line = [
      "doctor",
      "check",
      "--settings",
      join(cwd, "cert.env"),
      "--authority",
      "https://localhost:1",
      "--json",
    ];
    const { results } = (await run(line, { cwd, env })).json<{ results: { id: string; status: string }[] }>();
    expect(results.find(({ id }) => id === "credential")?.status).toBe("ok");
  });
});

it("standard input can be named once only", async () => {
  const refused = await run(["cert", "show", "-", "--passphrase-file", "-"], { cwd, stdin: "x" });
  expect(refused.exitCode).toBe(2);
});
