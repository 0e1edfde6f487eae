/** The token path stays light: no third-party module is loaded for PEM and assertions. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const SCRIPT = `
  const { readCredential, createClientAssertion } = await import("@nightlatch/credential");
  const { generateKeyPairSync } = await import("node:crypto");
  await readCredential("x").catch((error) => { if (error.code !== "CREDENTIAL_INPUT_UNRECOGNISED") throw error; });
  if (typeof createClientAssertion !== "function") throw new Error("no door");
  const { default: Module } = await import("node:module");
  const loaded = Object.keys(Module._cache).filter((path) => path.includes("node_modules"));
  const small = await import("@nightlatch/credential/assertion");
  if (small.createClientAssertion !== createClientAssertion) throw new Error("the small door leads elsewhere");
  await (await import("@nightlatch/credential")).createSelfSigned({ subject: "CN=x" });
  const forge = Object.keys(Module._cache).some((path) => path.includes("node-forge"));
  process.stdout.write(JSON.stringify({ loaded, forge }));
`;

describe("@nightlatch/credential", () => {
  it("loads no third-party module before a PFX with RC2 or a certificate to mint needs one", () => {
    const cwd = fileURLToPath(new URL("..", import.meta.url));
    const args = [
      "--conditions",
      "@nightlatch/source",
      "--import",
      "tsx",
      "--input-type=module",
      "-e",
      SCRIPT,
    ];
    const text = execFileSync(process.execPath, args, { cwd, encoding: "utf8" });
    const { loaded, forge } = JSON.parse(text) as { loaded: string[]; forge: boolean };
    // The way of looking does see a library once it is loaded.
    expect(forge).toBe(true);
    expect(loaded.filter((path) => /node-forge|@peculiar|asn1js/.test(path))).toEqual([]);
  });
});
