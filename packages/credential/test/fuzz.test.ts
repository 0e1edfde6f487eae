/**
 * Mutated and generated input for every loader: whatever comes in, either a credential comes out or a coded error.
 *
 * NIGHTLATCH_FUZZ multiplies the number of runs; a failing run prints the seed that repeats it.
 */
import { createPublicKey, verify } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  createClientAssertion,
  isNightlatchError,
  mergeKeyCredential,
  parseCertificate,
  parseCompactJws,
  readCredential,
} from "../src/index.ts";
import { makeFixtures, PASSPHRASE } from "./fixtures.ts";
import { opensslIsThere, type Workshop } from "./openssl.ts";

const factor = Number(process.env["NIGHTLATCH_FUZZ"] ?? "1");
const runs = (count: number) => ({ numRuns: Math.ceil(count * factor), interruptAfterTimeLimit: 600_000 });
const SLOWEST_MS = 5_000;

/** Runs an act that may only succeed or fail with a code, in time. Tells which it was. */
async function outcomeOf(act: () => unknown): Promise<string> {
  const started = performance.now();
  try {
    await act();
    return "accepted";
  } catch (error) {
    if (!isNightlatchError(error)) throw error;
    return error.code;
  } finally {
    expect(performance.now() - started).toBeLessThan(SLOWEST_MS);
  }
}

type Change = {
  at: number;
  kind: "flip" | "insert" | "delete" | "repeat" | "cut";
  byte: number;
  length: number;
};
const changes = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    kind: fc.constantFrom("flip", "insert", "delete", "repeat", "cut" as const),
    byte: fc.integer({ min: 0, max: 255 }),
    length: fc.integer({ min: 1, max: 40 }),
  }),
  { minLength: 1, maxLength: 4 },
) as fc.Arbitrary<Change[]>;

function mutate(original: Uint8Array, all: readonly Change[]): Buffer {
  let bytes = Buffer.from(original);
  for (const { at, kind, byte, length } of all) {
    const index = Math.floor(at * bytes.length);
    const [before, after] = [bytes.subarray(0, index), bytes.subarray(index)];
    if (kind === "flip") bytes[index] = (bytes[index] ?? 0) ^ (byte === 0 ? 1 : byte);
    else if (kind === "insert") bytes = Buffer.concat([before, Buffer.alloc(length, byte), after]);
    else if (kind === "delete") bytes = Buffer.concat([before, after.subarray(length)]);
    else if (kind === "repeat") bytes = Buffer.concat([before, after.subarray(0, length), after]);
    else bytes = Buffer.from(before);
  }
  return bytes;
}

describe.skipIf(!opensslIsThere)("fuzz", () => {
  let shop: Workshop;
  let corpus: Readonly<Record<string, Uint8Array>>;
  const counts = new Map<string, Map<string, number>>();

  beforeAll(async () => {
    shop = makeFixtures();
    const names = ["pkcs1.pem", "locked.pem", "traditional-aes.pem", "bag-attributes.pem", "leaf.pem"];
    const binary = ["main.der", "main.key.der", "pkcs1.der", "open.pfx", "empty-password.pfx", "no-mac.pfx"];
    corpus = Object.fromEntries([...names, ...binary].map((name) => [name, shop.bytes(name)]));
  });
  afterAll(() => {
    shop.close();
    for (const [name, outcomes] of counts) {
      const total = [...outcomes.values()].reduce((sum, count) => sum + count, 0);
      const accepted = outcomes.get("accepted") ?? 0;
      console.info(`fuzz ${name}: ${total} inputs, ${accepted} accepted, ${outcomes.size} outcomes`);
    }
  });

  const count = (name: string, outcome: string) => {
    const outcomes = counts.get(name) ?? new Map<string, number>();
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    counts.set(name, outcomes);
  };

  it("readCredential() and parseCertificate() survive mutated files", async () => {
    const publicKey = createPublicKey(shop.text("main.cert.pem"));
    const certificate = shop.bytes("main.cert.pem");
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.keys(corpus)), changes, async (name, all) => {
        const input = mutate(corpus[name] as Uint8Array, all);
        const outcome = await outcomeOf(async () => {
          const credential = await readCredential([input, certificate], { passphrase: PASSPHRASE });
          // Whatever still loads must be the very key.
          const signature = await credential.signer.sign(Buffer.from("text"), "RS256");
          expect(verify("sha256", Buffer.from("text"), publicKey, signature)).toBe(true);
        });
        count(`credential ${name}`, outcome);
        count("certificate", await outcomeOf(() => parseCertificate(input)));
      }),
      runs(500),
    );
  });

  it("readCredential() survives texts made of pieces of real ones", async () => {
    const text = shop.text("main.key.pem") + shop.text("main.cert.pem");
    const piece = fc.oneof(
      fc
        .nat({ max: text.length - 1 })
        .chain((from) => fc.nat({ max: 400 }).map((length) => text.slice(from, from + length))),
      fc.constantFrom(
        ...'-----BEGIN CERTIFICATE-----|-----END CERTIFICATE-----|-----BEGIN RSA PRIVATE KEY-----|\\n|\r\n|"|{|}|[|Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00|\uFEFF|\u0000'.split(
          "|",
        ),
      ),
      fc.string({ unit: "binary", maxLength: 20 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (pieces) => {
        count("text", await outcomeOf(() => readCredential(pieces.join(""), { passphrase: "x" })));
      }),
      runs(400),
    );
  });

  it("readCredential() survives bytes that only look like DER", async () => {
    const tag = fc.constantFrom(0x30, 0x31, 0x02, 0x03, 0x04, 0x05, 0x06, 0xa0, 0xa3, 0x80, 0x24, 0x1f);
    const { element } = fc.letrec<{ element: Buffer }>((tie) => ({
      element: fc.oneof(
        { maxDepth: 5, depthSize: "medium" },
        fc
          .tuple(tag, fc.uint8Array({ maxLength: 24 }))
          .map(([type, content]) => encode(type, Buffer.from(content))),
        fc
          .tuple(tag, fc.array(tie("element"), { maxLength: 5 }))
          .map(([type, inside]) => encode(type, Buffer.concat(inside))),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(element, fc.boolean(), async (inside, wrapped) => {
        const input = wrapped ? encode(0x30, inside) : inside;
        count("DER", await outcomeOf(() => readCredential(input, { passphrase: "x" })));
      }),
      runs(600),
    );
  });

  it("readCredential() survives JSON of any kind", async () => {
    const members = fc.record(
      {
        kty: fc.constantFrom("RSA", "EC", "OKP", "oct", "x"),
        n: fc.string(),
        e: fc.constantFrom("AQAB", ""),
        d: fc.string(),
        p: fc.string(),
        x5c: fc.array(fc.base64String()),
        keys: fc.array(fc.jsonValue()),
        value: fc.string(),
        contentType: fc.string(),
        cer: fc.string(),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(members, fc.jsonValue()), async (value) => {
        count("JSON", await outcomeOf(() => readCredential(JSON.stringify(value))));
      }),
      runs(300),
    );
  });

  it("parseCompactJws() survives mutated assertions, and none that was changed verifies", async () => {
    const credential = await readCredential(shop.text("main.key.pem") + shop.text("main.cert.pem"));
    const assertion = await createClientAssertion(credential, { clientId: "app", audience: "https://x" });
    const original = parseCompactJws(assertion);
    const key = { key: credential.certificate.publicKey, padding: 6, saltLength: 32 };
    await fc.assert(
      fc.asyncProperty(changes, async (all) => {
        const text = mutate(Buffer.from(assertion), all).toString("latin1");
        const outcome = await outcomeOf(() => {
          const { signingInput, signature } = parseCompactJws(text);
          const untouched =
            Buffer.from(signingInput).equals(original.signingInput) &&
            Buffer.from(signature).equals(original.signature);
          expect(verify("sha256", signingInput, key, signature)).toBe(untouched);
        });
        count("JWS", outcome);
      }),
      runs(400),
    );
  });

  it("mergeKeyCredential() survives mutated manifests", async () => {
    const certificate = parseCertificate(shop.bytes("main.cert.pem"));
    const manifest = Buffer.from(
      '{\n  "id": "x",\n  "keyCredentials": [\n    {"keyId": "y", "endDate": "z"}\n  ],\n  "web": {}\n}\n',
    );
    await fc.assert(
      fc.asyncProperty(changes, async (all) => {
        const text = mutate(manifest, all).toString("utf8");
        const outcome = await outcomeOf(() => {
          const { manifestText } = mergeKeyCredential(text, certificate);
          expect(() => JSON.parse(manifestText.replace(/^\uFEFF/, "")) as unknown).not.toThrow();
        });
        count("manifest", outcome);
      }),
      runs(400),
    );
  });
});

function encode(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
