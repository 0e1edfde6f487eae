import { createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CREDENTIAL_ERRORS, isNightlatchError, readCredential } from "../src/index.ts";
import { makeFixtures, PASSPHRASE, withPbmac1 } from "./fixtures.ts";
import { INPUT_GROUPS, type InputCase } from "./inputs.ts";
import { opensslIsThere, type Workshop } from "./openssl.ts";
import { formatInputsDoc, INPUTS_DOC_PATH } from "./write-inputs-doc.ts";

describe("docs/inputs.md", () => {
  it("is what the cases say (write it with packages/credential/test/write-inputs-doc.ts)", () => {
    expect(readFileSync(INPUTS_DOC_PATH, "utf8")).toBe(formatInputsDoc());
  });
});

describe.skipIf(!opensslIsThere)("readCredential()", () => {
  let shop: Workshop;
  let secrets: readonly string[];

  beforeAll(() => {
    shop = makeFixtures();
    secrets = [PASSPHRASE, ...secretsOf(shop.text("main.key.pem")), ...secretsOf(shop.text("other.key.pem"))];
  });
  afterAll(() => shop.close());

  const read = (one: InputCase) =>
    readCredential(one.make(shop), { passphrase: one.passphrase, now: one.now?.(shop), sourceName: "FILE" });

  for (const { title, cases } of INPUT_GROUPS) {
    describe(title, () => {
      for (const one of cases) {
        if (one.outcome === "loads")
          it(`loads: ${one.input}`, async () => {
            const credential = await read(one);
            expect(credential.chain).toHaveLength(one.chainLength ?? 1);
            expect(credential.chain[0]).toBe(credential.certificate);
            const publicKey = createPublicKey(shop.text("main.cert.pem"));
            const signature = await credential.signer.sign(Buffer.from("text"), "RS256");
            expect(verify("sha256", Buffer.from("text"), publicKey, signature)).toBe(true);
            expectNoSecret(credential);
          });
        else
          it(`refuses with ${one.outcome}: ${one.input}`, async () => {
            const error = await read(one).then(
              () => undefined,
              (thrown: unknown) => thrown,
            );
            if (!isNightlatchError(error)) throw error ?? new Error("it was loaded");
            expect(error.code, error.message).toBe(one.outcome);
            expect(error.message).toContain("FILE");
            if (one.names !== undefined) expect(error.message).toMatch(one.names);
            expect(error.hint).not.toBe("");
            expectNoSecret(error);
          });
      }
    });
  }

  it("names every file of several", async () => {
    const inputs = [shop.bytes("other.key.pem"), shop.bytes("main.cert.pem")];
    await expect(readCredential(inputs, { sourceName: ["a.pem", "b.pem"] })).rejects.toThrow(
      /a\.pem and b\.pem/,
    );
  });

  it("says that blanks around the passphrase are the mistake", async () => {
    const wanted = { code: "CREDENTIAL_PASSPHRASE_WRONG", hint: expect.stringContaining("line break") };
    for (const name of ["aes.pfx", "legacy.pfx"])
      await expect(readCredential(shop.bytes(name), { passphrase: `${PASSPHRASE}\n` })).rejects.toMatchObject(
        wanted,
      );
    for (const name of ["locked.pem", "traditional-aes.pem"])
      await expect(
        readCredential([shop.bytes(name), shop.bytes("main.cert.pem")], { passphrase: `${PASSPHRASE}\r\n` }),
      ).rejects.toMatchObject(wanted);
  });

  it("calls a wrong passphrase wrong also where the padding looks right by chance", async () => {
    for (const input of [shop.bytes("no-mac.pfx"), shop.bytes("locked.pem")])
      for (let attempt = 0; attempt < 300; attempt += 1)
        await expect(readCredential(input, { passphrase: `wrong ${attempt}` })).rejects.toMatchObject({
          code: "CREDENTIAL_PASSPHRASE_WRONG",
        });
  });

  it("names the secret of a Key Vault certificate in the hint", async () => {
    const cer = shop.bytes("main.der").toString("base64");
    const sid = "https://school.vault.azure.net/secrets/timetable/1";
    await expect(readCredential(JSON.stringify({ cer, sid }))).rejects.toMatchObject({
      code: "CREDENTIAL_KEY_MISSING",
      hint: expect.stringContaining(sid),
    });
  });

  it("refuses a PFX whose PBMAC1 does not fit, or whose key is too short to check anything", async () => {
    const plain = shop.bytes("no-mac.pfx");
    await expect(
      readCredential(withPbmac1(plain, "another"), { passphrase: PASSPHRASE }),
    ).rejects.toMatchObject({ code: "CREDENTIAL_PASSPHRASE_WRONG" });
    await expect(
      readCredential(withPbmac1(plain, PASSPHRASE, 8), { passphrase: PASSPHRASE }),
    ).rejects.toMatchObject({ code: "CREDENTIAL_PFX_CORRUPT" });
  });

  it("leaves the event loop free while it derives the keys of PKCS#12", async () => {
    shop.openssl(
      ...["pkcs12", "-export", "-inkey", "main.key.pem", "-in", "main.cert.pem", "-legacy"],
      ...["-iter", "60000", "-passout", "file:pass.txt", "-out", "slow.pfx"],
    );
    let turns = 0;
    let reading = true;
    const turn = () => {
      turns += 1;
      if (reading) setImmediate(turn);
    };
    setImmediate(turn);
    await readCredential(shop.bytes("slow.pfx"), { passphrase: PASSPHRASE });
    reading = false;
    // 60,000 rounds at least three times over, in parts of 2,000.
    expect(turns).toBeGreaterThan(60);
  });

  it("takes the valid certificate of two for the same key", async () => {
    shop.openssl(
      "x509",
      "-req",
      "-in",
      "leaf.csr",
      "-signkey",
      "main.key.pem",
      "-days",
      "90",
      "-out",
      "long.pem",
    );
    const input = shop.text("main.cert.pem") + shop.text("long.pem") + shop.text("main.key.pem");
    const later = new Date(Date.now() + 60 * 86_400_000);
    expect((await readCredential(input, { now: later })).certificate.subject).toBe("CN=leaf");
  });

  it.each([
    ["undefined", undefined],
    ["null", null],
    ["number", 5],
    ["ArrayBuffer", new ArrayBuffer(8)],
    ["Promise", Promise.resolve("")],
    ["undefined", ["text", undefined]],
  ])("says that it was given %s, such as a variable that is not set", async (named, input) => {
    await expect(readCredential(input as never)).rejects.toThrow(new RegExp(`not ${named}$`));
    await expect(readCredential(input as never)).rejects.toThrow(TypeError);
  });

  it("loads an expired certificate when told so", async () => {
    const later = new Date(Date.now() + 60 * 86_400_000);
    const input = shop.text("main.key.pem") + shop.text("main.cert.pem");
    const credential = await readCredential(input, { now: later, allowExpired: true });
    expect(credential.allowExpired).toBe(true);
  });

  it("is asserted for every code that reading can throw", () => {
    const asserted = new Set<string>(INPUT_GROUPS.flatMap((group) => group.cases.map((one) => one.outcome)));
    const elsewhere = /_(FILE|SIGNER|MANIFEST|SUBJECT|VALIDITY|THRESHOLD|JWS|DISPLAY)_|KEY_ID_|KEY_SIZE/;
    const missing = Object.keys(CREDENTIAL_ERRORS).filter(
      (code) => !asserted.has(code) && !elsewhere.test(code),
    );
    expect(missing).toEqual([]);
  });

  function expectNoSecret(value: unknown): void {
    const shown = [
      inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true }),
      JSON.stringify(value),
      value instanceof Error ? `${value.message} ${value.stack} ${inspect(value.cause)}` : "",
    ].join("\n");
    for (const secret of secrets) expect(shown.includes(secret)).toBe(false);
  }
});

/** Pieces of a key as they would appear in text: lines of its PEM, and its private exponent in hex and base64url. */
function secretsOf(keyPem: string): string[] {
  return keyPem.split("\n").filter((line) => line.length === 64);
}
