/** Key files as OpenSSL makes them. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { explain } from "../src/index.ts";

const folder = mkdtempSync(join(tmpdir(), "nightlatch-key-files-"));
const openssl = (...parts: string[]): void => {
  execFileSync("openssl", parts, { cwd: folder, stdio: "ignore" });
};
const SUBJECT = ["-subj", "/CN=timetable daemon", "-days", "365", "-nodes"];
let hasLegacy = true;

beforeAll(() => {
  openssl("req", "-x509", "-newkey", "rsa:2048", ...SUBJECT, "-keyout", "rsa.key", "-out", "rsa.pem");
  openssl("req", "-x509", "-newkey", "rsa:2048", ...SUBJECT, "-keyout", "other.key", "-out", "other.pem");
  openssl("req", "-x509", "-newkey", "rsa:1024", ...SUBJECT, "-keyout", "small.key", "-out", "small.pem");
  openssl(
    "req",
    "-x509",
    "-newkey",
    "rsa:2048",
    "-sha1",
    ...SUBJECT,
    "-keyout",
    "old.key",
    "-out",
    "old.pem",
  );
  openssl(
    "req",
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    ...SUBJECT,
    "-keyout",
    "ec.key",
    "-out",
    "ec.pem",
  );
  openssl("req", "-new", "-key", "rsa.key", "-subj", "/CN=x", "-out", "request.pem");
  openssl("pkcs8", "-topk8", "-in", "rsa.key", "-passout", "pass:night", "-out", "encrypted.key");
  openssl(
    "pkcs12",
    "-export",
    "-in",
    "rsa.pem",
    "-inkey",
    "rsa.key",
    "-passout",
    "pass:night",
    "-out",
    "new.pfx",
  );
  try {
    openssl(
      "pkcs12",
      "-export",
      "-legacy",
      "-certpbe",
      "PBE-SHA1-RC2-40",
      "-in",
      "rsa.pem",
      "-inkey",
      "rsa.key",
      "-passout",
      "pass:night",
      "-out",
      "legacy.pfx",
    );
  } catch {
    if (process.env["CI"] !== undefined) throw new Error("openssl has no legacy provider");
    hasLegacy = false;
    console.warn("openssl has no legacy provider: the PFX with an old cipher is not tested");
  }
});

afterAll(() => rmSync(folder, { recursive: true }));

async function codes(names: readonly string[], passphrase?: string): Promise<string[]> {
  const inputs = names.map((name) => ({ name, content: readFileSync(join(folder, name)) }));
  const { findings } = await explain(inputs, { passphrase });
  return findings.map((finding) => `${finding.severity} ${finding.code}`);
}

describe("explain() of key files", () => {
  test.each<[string, string[], string | undefined, string]>([
    ["a key and its certificate", ["rsa.key", "rsa.pem"], undefined, "ok KEY_MATCHES"],
    ["a key and another certificate", ["other.key", "rsa.pem"], undefined, "fault KEY_MISMATCH"],
    ["a certificate alone", ["rsa.pem"], undefined, "info CERTIFICATE_WITHOUT_KEY"],
    ["a key alone", ["rsa.key"], undefined, "info KEY_WITHOUT_CERTIFICATE"],
    ["an encrypted key", ["encrypted.key"], undefined, "info KEY_ENCRYPTED"],
    ["an encrypted key and its passphrase", ["encrypted.key", "rsa.pem"], "night", "ok KEY_MATCHES"],
    ["an encrypted key and a wrong passphrase", ["encrypted.key"], "day", "fault KEY_PASSPHRASE_WRONG"],
    ["a short key", ["small.pem"], undefined, "fault CERTIFICATE_KEY_SHORT"],
    ["a certificate signed with SHA-1", ["old.pem"], undefined, "warning CERTIFICATE_SHA1_SIGNATURE"],
    ["an EC certificate", ["ec.pem"], undefined, "fault CERTIFICATE_NOT_RSA"],
    ["an EC key", ["ec.key"], undefined, "fault KEY_NOT_RSA"],
    ["a certificate request", ["request.pem"], undefined, "fault PEM_CERTIFICATE_REQUEST"],
    ["a PFX", ["new.pfx"], undefined, "info PFX_NEEDS_PASSPHRASE"],
    ["a PFX and its passphrase", ["new.pfx"], "night", "ok KEY_MATCHES"],
    ["a PFX and a wrong passphrase", ["new.pfx"], "day", "fault PFX_PASSPHRASE"],
  ])("knows %s", async (_name, names, passphrase, expected) => {
    const found = await codes(names, passphrase);
    expect(found).toContain(expected);
    const faults = found.filter((code) => code.startsWith("fault") && code !== expected);
    expect(faults).toEqual([]);
  });

  test("warns of a PFX with an old cipher, and opens it all the same", async () => {
    if (!hasLegacy) return;
    const found = await codes(["legacy.pfx"], "night");
    expect(found).toContain("warning PFX_LEGACY_CIPHER");
    expect(found).toContain("ok KEY_MATCHES");
    expect(found).not.toContain("info CERTIFICATE_WITHOUT_KEY");
  });
});
