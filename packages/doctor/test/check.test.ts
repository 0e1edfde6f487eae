/** The live walk against an emulated tenant: each trouble ends the check that looks for it, and no other. */
import { chmod, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readCredential } from "@nightlatch/credential";
import { createTransport, NightlatchCredential, type Transport } from "@nightlatch/oauth";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type CheckConfiguration,
  type CheckContext,
  type CheckReport,
  createChecks,
  formatCheckLine,
  runChecks,
} from "../src/index.ts";
import { DAEMON, KEYLESS, type School, SECRET, startSchool, TENANT } from "./emulated-school.ts";
import type { SampleKey } from "./samples.ts";

let school: School;
let transport: Transport;

beforeAll(async () => {
  school = await startSchool();
  transport = createTransport({ ca: school.emulator.caPem, proxy: false });
});

afterAll(async () => {
  transport.close();
  await school.emulator.close();
});

const MAILBOX = "room-12@school.example";

function contextFor(
  changes: Partial<CheckConfiguration> = {},
  more: Partial<CheckContext> = {},
  key: SampleKey = school.daemon,
): CheckContext {
  const configuration: CheckConfiguration = {
    tenantId: TENANT,
    clientId: DAEMON,
    authorityHost: school.emulator.authority,
    graphEndpoint: school.emulator.graph,
    mailboxes: [MAILBOX],
    ...changes,
  };
  const loadCredential = () => readCredential(key.privateKeyPem + key.certificatePem);
  return {
    configuration,
    send: (request) => transport.send({ ...request, signal: request.signal }),
    loadCredential,
    getToken: async (scope) => {
      const credential = new NightlatchCredential({
        tenantId: configuration.tenantId ?? "",
        clientId: configuration.clientId ?? "",
        certificate: loadCredential,
        authorityHost: configuration.authorityHost,
        transport,
      });
      return credential.getToken(scope);
    },
    ...more,
  };
}

async function walk(
  context: CheckContext,
): Promise<CheckReport & { statusOf(id: string): string | undefined; codes: string[] }> {
  const report = await runChecks(createChecks(context.configuration), context);
  const codes = report.results.flatMap((result) => result.findings.map((finding) => finding.code));
  return { ...report, codes, statusOf: (id) => report.results.find((result) => result.id === id)?.status };
}

describe("runChecks()", () => {
  test("ends in ok everywhere when all is well, and reports each result in order", async () => {
    const lines: string[] = [];
    const context = contextFor({ apis: ["graph", "exchange"] });
    const checks = createChecks(context.configuration);
    const report = await runChecks(checks, context, (result) => lines.push(formatCheckLine(result)));
    expect(report.results.filter((result) => result.status !== "ok")).toEqual([]);
    expect(report.verdict).toBe("ok");
    expect(lines).toHaveLength(checks.length);
    expect(JSON.stringify(report)).not.toMatch(/eyJ[\w-]+\.[\w-]+\.[\w-]+/);
  });

  test("stops at the configuration when the client id is a placeholder", async () => {
    const report = await walk(contextFor({ clientId: "<client id>" }));
    expect(report.verdict).toBe("fault");
    expect(report.codes).toContain("CONFIGURATION_MALFORMED");
    expect(report.statusOf("authority")).toBe("notRun");
    expect(report.statusOf(`mailbox:${MAILBOX}`)).toBe("notRun");
    expect(report.statusOf("credential")).toBe("ok");
  });

  test("warns of an open key file, and its fix closes it", async () => {
    const folder = await mkdtemp(join(tmpdir(), "nightlatch-check-"));
    const path = join(folder, "key.pem");
    await writeFile(path, "x", { mode: 0o644 });
    await chmod(path, 0o644);
    const files = [{ path, holdsKey: true }];
    const modes = { readMode: async (file: string) => (await stat(file)).mode, setMode: chmod };
    const open = await walk(contextFor({ files }, modes));
    expect(open.statusOf(`file:${path}`)).toBe("warning");
    const fix = open.results.find((result) => result.id === `file:${path}`)?.fix;
    expect(fix?.isSafe).toBe(true);
    await fix?.apply();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await walk(contextFor({ files }, modes))).statusOf(`file:${path}`)).toBe("ok");
    await rm(folder, { recursive: true });
    const gone = await walk(contextFor({ files }, modes));
    expect(gone.statusOf(`file:${path}`)).toBe("fault");
    expect(gone.codes).toContain("FILE_MISSING");
  });

  test("names a key that does not belong to the certificate", async () => {
    const load = () => readCredential(school.stranger.privateKeyPem + school.daemon.certificatePem);
    const report = await walk(contextFor({}, { loadCredential: load }));
    expect(report.statusOf("credential")).toBe("fault");
    expect(report.codes).toContain("KEY_MISMATCH");
    expect(report.statusOf("certificate-validity")).toBe("notRun");
  });

  test("says that rotation is due after two thirds of the life, and that the end has come", async () => {
    const { notAfter } = school.daemon.credential.certificate;
    const at = (days: number): Date => new Date(notAfter.getTime() + days * 86_400_000);
    const due = await walk(contextFor({}, { now: () => at(-20), send: undefined, getToken: undefined }));
    expect(due.statusOf("rotation")).toBe("warning");
    expect(due.codes).toContain("ROTATION_DUE");
    const over = await walk(contextFor({}, { now: () => at(1), send: undefined, getToken: undefined }));
    expect(over.statusOf("certificate-validity")).toBe("fault");
    expect(over.statusOf("rotation")).toBe("notRun");
  });

  test("tells network troubles apart", async () => {
    const host = (authorityHost: string): Promise<string[]> =>
      walk(contextFor({ authorityHost })).then((report) => report.codes);
    expect(await host("https://no-such-host.invalid")).toContain("AUTHORITY_NAME");
    expect(await host("https://localhost:1")).toContain("AUTHORITY_CONNECTION");
    const untrusting = createTransport({ proxy: false });
    const tls = await walk(
      contextFor({}, { send: (request) => untrusting.send({ ...request, signal: request.signal }) }),
    );
    untrusting.close();
    expect(tls.codes).toContain("AUTHORITY_TLS");
    const behind = createTransport({ proxy: "http://localhost:1" });
    const proxy = await walk(
      contextFor({}, { send: (request) => behind.send({ ...request, signal: request.signal }) }),
    );
    behind.close();
    expect(proxy.codes).toContain("AUTHORITY_PROXY");
    expect(proxy.statusOf("token-graph")).toBe("notRun");
  });

  test("finds a clock that is wrong", async () => {
    const shifted = (seconds: number) =>
      contextFor({ mailboxes: [] }, { now: () => new Date(Date.now() + seconds * 1000) });
    expect((await walk(shifted(600))).statusOf("clock")).toBe("fault");
    expect((await walk(shifted(-600))).codes).toContain("CLOCK_SKEW");
    expect((await walk(shifted(120))).statusOf("clock")).toBe("warning");
    expect((await walk(shifted(5))).statusOf("clock")).toBe("ok");
  });

  test("finds a tenant that does not exist", async () => {
    const report = await walk(contextFor({ tenantId: "99999999-9999-4999-8999-999999999999" }));
    expect(report.statusOf("authority")).toBe("ok");
    expect(report.statusOf("tenant")).toBe("fault");
    expect(report.codes).toContain("TENANT_NOT_FOUND");
    expect(report.statusOf("token-graph")).toBe("notRun");
  });

  test("explains a refused token together with the certificate at hand", async () => {
    const report = await walk(contextFor({}, {}, school.stranger));
    expect(report.statusOf("token-graph")).toBe("fault");
    expect(
      report.codes.some((code) =>
        /ASSERTION_(?:CERTIFICATE_NOT_REGISTERED|KEY_REFERENCE_UNKNOWN)/.test(code),
      ),
    ).toBe(true);
    expect(report.statusOf("claims-graph")).toBe("notRun");
    const keyless = await walk(contextFor({ clientId: KEYLESS }));
    expect(keyless.codes).toContain("APPLICATION_NO_KEYS");
  });

  test("finds missing roles, and a token by secret for Exchange", async () => {
    const getToken = async (scope: string) => {
      const { access_token } = await school.emulator.tokenFor({
        audience: scope.replace("/.default", ""),
        roles: [],
        claims: { appidacr: "1" },
      });
      return { token: access_token };
    };
    const report = await walk(contextFor({ apis: ["graph", "exchange"], mailboxes: [] }, { getToken }));
    expect(report.statusOf("claims-graph")).toBe("warning");
    expect(report.codes).toContain("TOKEN_ROLES_MISSING");
    expect(report.statusOf("claims-exchange")).toBe("fault");
    expect(report.codes).toContain("TOKEN_FROM_SECRET");
  });

  test("probes each mailbox and says why one cannot be opened", async () => {
    const mailboxes = [
      MAILBOX,
      "caretaker@school.example",
      "nobody@school.example",
      "cccccccc-0000-4000-8000-000000000007",
    ];
    const report = await walk(contextFor({ mailboxes }));
    expect(mailboxes.map((mailbox) => report.statusOf(`mailbox:${mailbox}`))).toEqual([
      "ok",
      "fault",
      "fault",
      "fault",
    ]);
    expect(report.codes).toEqual(
      expect.arrayContaining(["GRAPH_MAILBOX_NOT_IN_CLOUD", "GRAPH_GROUP_AS_USER"]),
    );
  });

  test("probes mailboxes by EWS where only Exchange is looked at", async () => {
    const mailboxes = [MAILBOX, "nobody@school.example", "cccccccc-0000-4000-8000-000000000007"];
    const ews = { apis: ["exchange"], ewsEndpoint: school.emulator.ews } as const;
    const report = await walk(contextFor({ ...ews, mailboxes }));
    expect(mailboxes.map((mailbox) => report.statusOf(`mailbox:${mailbox}`))).toEqual([
      "ok",
      "fault",
      "notRun",
    ]);
    expect(report.codes).toContain("EWS_MAILBOX_UNKNOWN");
    const open = await walk(contextFor({ ...ews, mailboxes: [], forbiddenMailboxes: [MAILBOX] }));
    expect(open.statusOf(`scope:${MAILBOX}`)).toBe("warning");
  });

  test("reads what Exchange says to the probe, and that it is closed", async () => {
    const mailboxes = [MAILBOX];
    const ews = { apis: ["exchange"], ewsEndpoint: school.emulator.ews, mailboxes } as const;
    const answering = (status: number, headers: Record<string, string>, body: string) => {
      const context = contextFor({ ...ews, forbiddenMailboxes: ["office@school.example"] });
      const send: CheckContext["send"] = async (request) =>
        request.url.endsWith(".asmx")
          ? { status, headers, text: () => body }
          : transport.send({ ...request, signal: request.signal });
      return walk({ ...context, send });
    };
    const weak =
      '2000010;reason="The access token is acquired using an authentication method that is too weak";';
    const refused = await answering(401, { "x-ms-diagnostics": weak }, "");
    expect(refused.statusOf(`mailbox:${MAILBOX}`)).toBe("fault");
    expect(refused.codes).toContain("EWS_AUTH_TOO_WEAK");
    expect(refused.statusOf("scope:office@school.example")).toBe("notRun");
    const soap = (code: string): string =>
      `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><m:ResponseCode>${code}</m:ResponseCode></s:Body></s:Envelope>`;
    const busy = await answering(500, {}, soap("ErrorServerBusy"));
    expect(busy.statusOf(`mailbox:${MAILBOX}`)).toBe("warning");
    const denied = await answering(500, {}, soap("ErrorImpersonateUserDenied"));
    expect(denied.codes).toContain("EWS_IMPERSONATION_DENIED");
    expect(denied.statusOf("scope:office@school.example")).toBe("ok");
    const empty = await answering(200, {}, "<html></html>");
    expect(empty.statusOf(`mailbox:${MAILBOX}`)).toBe("fault");
  });

  test("lets an administrator consent at the authority that is configured", async () => {
    const getToken = async (scope: string) => {
      const { access_token } = await school.emulator.tokenFor({
        audience: scope.replace("/.default", ""),
        roles: [],
      });
      return { token: access_token };
    };
    const report = await walk(contextFor({ mailboxes: [] }, { getToken }));
    const remedy = JSON.stringify(report.results.find((result) => result.id === "claims-graph")?.findings);
    expect(remedy).toContain(`${school.emulator.authority}/${TENANT}/adminconsent`);
    expect(remedy).not.toContain("login.microsoftonline");
    expect(remedy).not.toContain("az ad app");
  });

  test("warns when a mailbox outside the scope is open", async () => {
    const report = await walk(contextFor({ mailboxes: [], forbiddenMailboxes: [MAILBOX] }));
    expect(report.statusOf(`scope:${MAILBOX}`)).toBe("warning");
    expect(report.codes).toContain("SCOPE_DEFEATED");
  });

  test("names retired APIs", async () => {
    const gone = await walk(
      contextFor({ graphEndpoint: "https://graph.windows.net/school.example", mailboxes: [] }),
    );
    expect(gone.codes).toContain("RETIRED_AZURE_AD_GRAPH");
    const ews = (now: string) =>
      walk(
        contextFor(
          { ewsEndpoint: "https://outlook.office365.com/EWS/Exchange.asmx", mailboxes: [] },
          { now: () => new Date(now), send: undefined, getToken: undefined },
        ),
      );
    expect((await ews("2026-11-21T00:00:00Z")).statusOf("retired-apis")).toBe("warning");
    expect((await ews("2027-04-02T00:00:00Z")).statusOf("retired-apis")).toBe("fault");
  });

  test("does not run anything more after an interruption", async () => {
    const controller = new AbortController();
    const context = contextFor({}, { signal: controller.signal });
    const report = await runChecks(createChecks(context.configuration), context, (result) => {
      if (result.id === "credential") controller.abort();
    });
    expect(report.results.at(-1)?.status).toBe("notRun");
    expect(report.results.at(-1)?.detail).toBe("interrupted");
  });

  test("keeps secrets and tokens out of the report", async () => {
    const getToken = async () => {
      throw new Error(`refused client_secret=${SECRET}`);
    };
    const report = await walk(contextFor({}, { getToken }));
    expect(report.statusOf("token-graph")).toBe("fault");
    expect(JSON.stringify(report)).not.toContain(SECRET);
  });
});
