/** Libraries we did not write, in a process of their own, against the emulator. */
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { inspectAccessToken } from "@nightlatch/oauth";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { temporaryDirectory } from "../../emulator/test/temporary-directory.ts";
import { CLIENT_ID, openSchool, type School } from "./school.ts";

const worker = fileURLToPath(new URL("./third-party-worker.ts", import.meta.url));
const run = promisify(execFile);

interface Results {
  readonly oauth4webapi: readonly string[];
  readonly openidClient: string;
  readonly privateKeyJwt: readonly number[];
  readonly graph: string;
}

let school: School;
let results: Results;
beforeAll(async () => {
  school = await openSchool();
  const folder = temporaryDirectory("third-party");
  writeFileSync(join(folder, "credential.pem"), school.certificatePem + school.privateKeyPem, {
    mode: 0o600,
  });
  writeFileSync(join(folder, "ca.pem"), school.emulator.caPem);
  const settings = JSON.stringify({ ...school.base, transport: undefined, folder });
  const { stdout } = await run(
    process.execPath,
    ["--conditions=@nightlatch/source", "--import", "tsx", worker, settings],
    {
      env: { ...process.env, NODE_EXTRA_CA_CERTS: join(folder, "ca.pem") },
    },
  );
  results = JSON.parse(stdout) as Results;
});
afterAll(() => school.close());

describe("entraClientAuth", () => {
  it("oauth4webapi gets a token with it, by PS256 and by RS256, that counts as got by certificate", () => {
    expect(results.oauth4webapi).toHaveLength(2);
    for (const token of results.oauth4webapi) {
      expect(inspectAccessToken(token)).toMatchObject({
        clientId: CLIENT_ID,
        clientAuthentication: "certificate",
      });
    }
  });

  it("openid-client gets a token with it", () => {
    expect(inspectAccessToken(results.openidClient)).toMatchObject({ clientAuthentication: "certificate" });
  });

  it("without it the same library is refused with 5002723", () => {
    expect(results.privateKeyJwt).toEqual([5002723]);
  });
});

describe("NightlatchCredential", () => {
  it("Microsoft's Graph client reads a calendar with it", () => {
    expect(results.graph).toBe("Calendar");
  });
});
