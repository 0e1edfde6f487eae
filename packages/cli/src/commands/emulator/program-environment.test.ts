import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createSelfSigned } from "@nightlatch/credential";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { prepareProgram } from "./program-environment.ts";

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "nightlatch-environment-"));
});
afterAll(() => rm(home, { recursive: true, force: true }));

async function prepared(env: Record<string, string>): Promise<Record<string, string>> {
  const { certificatePem } = await createSelfSigned({ subject: "CN=Authority" });
  const addresses = { proxy: "http://localhost:8444", origin: "https://localhost:8443", tenantId: "t" };
  const folder = await mkdtemp(join(home, "exec-"));
  return prepareProgram(folder, { ...addresses, ca: "/ca.pem", caPem: certificatePem }, ["a.example"], env);
}

describe("prepareProgram()", () => {
  test("keeps what the program was given beside its own", async () => {
    await writeFile(join(home, ".wgetrc"), "tries = 3");
    const given = {
      HOME: home,
      NODE_OPTIONS: "--max-old-space-size=512",
      JAVA_TOOL_OPTIONS: "-Xmx64m",
      PHP_INI_SCAN_DIR: "/own",
      RUBYOPT: "-W0",
      RUBYLIB: "/own/lib",
    };
    const made = await prepared(given);
    expect(made["NODE_OPTIONS"]).toMatch(/^--max-old-space-size=512 --require "/);
    expect(made["JAVA_TOOL_OPTIONS"]).toMatch(/^-Xmx64m -D/);
    expect(made["PHP_INI_SCAN_DIR"]?.split(delimiter)[0]).toBe("/own");
    expect(made["RUBYOPT"]).toMatch(/^-W0 -r/);
    expect(made["RUBYLIB"]?.split(delimiter)[1]).toBe("/own/lib");
    expect(await readFile(made["WGETRC"] ?? "", "utf8")).toBe("tries = 3\nca_certificate = /ca.pem\n");
  });

  test("takes the file that WGETRC names, and none where there is none", async () => {
    const own = join(home, "own-wgetrc");
    await writeFile(own, "quiet = on");
    const [named, none] = await Promise.all([prepared({ WGETRC: own }), prepared({ HOME: "/nowhere" })]);
    expect(await readFile(named["WGETRC"] ?? "", "utf8")).toContain("quiet = on");
    expect((await readFile(none["WGETRC"] ?? "", "utf8")).trim()).toBe("ca_certificate = /ca.pem");
    expect(none["PHP_INI_SCAN_DIR"]?.startsWith(delimiter)).toBe(true);
  });
});
