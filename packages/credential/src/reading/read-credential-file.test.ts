import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { createSelfSigned } from "../x509/self-signed.ts";
import { readCredentialFile } from "./read-credential-file.ts";

describe("readCredentialFile()", () => {
  it("does not quote a private key that is given in place of its file's name", async () => {
    const { privateKeyPem, certificatePem } = await createSelfSigned({ subject: "CN=canary" });
    const pem = privateKeyPem + certificatePem;
    const body = privateKeyPem.split("\n").slice(1, -2);
    const forms = [pem, pem.replaceAll("\n", " "), pem.replaceAll("\n", "\\n"), body.join("")];
    for (const form of forms) {
      const error = await readCredentialFile(form).catch((caught: unknown) => caught);
      expect(error).toMatchObject({ code: "CREDENTIAL_FILE_UNREADABLE" });
      const shown = inspect(error, { depth: 9 }) + JSON.stringify(error) + (error as Error).message;
      for (const line of body) expect(shown).not.toContain(line.slice(0, 30));
    }
  });

  it("names a file that is not there", async () => {
    await expect(readCredentialFile("no-such-file.pem")).rejects.toThrow(/no-such-file\.pem/);
  });
});
