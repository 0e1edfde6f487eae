/** A caller who gives up is let go at once, wherever his request stands, and alone. */
import { type CertificateCredential, createSelfSigned } from "@nightlatch/credential";
import { beforeAll, describe, expect, it } from "vitest";
import { requestTokenByClientCredentials } from "../src/client-credentials/request.ts";
import { createConfidentialClient } from "../src/confidential-client.ts";
import type { NightlatchCredentialOptions } from "../src/nightlatch-credential.ts";
import type { TokenCache } from "../src/token-cache/token-cache.ts";
import { clientId, formOf, granted, respond, scope, scriptedService } from "./scripted-service.ts";

const never = () => new Promise<never>(() => undefined);
const deafCache: TokenCache = { get: never, set: never, delete: never, clear: never, getOrRequest: never };
const busy = () => respond(503, {}, { "retry-after": "60" });

describe("requestTokenByClientCredentials()", () => {
  const ask = (options: Partial<NightlatchCredentialOptions>, signal: AbortSignal | undefined) => {
    let requests = 0;
    const transport = {
      send: async () => {
        requests += 1;
        return granted("t");
      },
      close: () => undefined,
    };
    const client = createConfidentialClient({ tenantId: "school.example", clientId, transport, ...options });
    return {
      outcome: requestTokenByClientCredentials(client, { scope }, { signal }),
      requests: () => requests,
    };
  };

  it.each([
    ["certificate", { certificate: never }],
    ["other issuer", { assertion: never }],
    ["secret", { clientSecret: never }],
  ])("with a signal does not wait for a %s that never comes", async (_, options) => {
    const { outcome, requests } = ask(options, AbortSignal.timeout(30));
    await expect(outcome).rejects.toMatchObject({ code: "OAUTH_ABORTED", details: { answerLost: false } });
    expect(requests()).toBe(0);
  });

  it("with a signal that has fired neither asks for the proof nor sends anything", async () => {
    let calls = 0;
    const assertion = async () => `${++calls}`;
    const { outcome, requests } = ask({ assertion }, AbortSignal.abort());
    await expect(outcome).rejects.toMatchObject({ code: "OAUTH_ABORTED" });
    expect([calls, requests()]).toEqual([0, 0]);
  });

  it("without a signal does not wait beyond the deadline for a proof that never comes", async () => {
    const { outcome } = ask({ assertion: never, retry: { deadlineMs: 50 } }, undefined);
    await expect(outcome).rejects.toMatchObject({ code: "OAUTH_NETWORK_TIMEOUT", retryable: true });
  });

  it.each([undefined, null, 5, "", " \n", {}])(
    "sends nothing when the proof's callback gives %j",
    async (given) => {
      const gives = (async () => given) as unknown as () => Promise<string>;
      for (const options of [
        { assertion: gives },
        { clientSecret: gives },
        { certificate: gives as never },
      ]) {
        const { outcome, requests } = ask(options, undefined);
        await expect(outcome).rejects.toThrow(TypeError);
        expect(requests()).toBe(0);
      }
    },
  );

  it("takes the line feed off a token of another issuer that was read from a file", async () => {
    const service = scriptedService(() => granted("t"), { assertion: async () => "e30.e30.e30\n" });
    await service.credential.getToken(scope);
    expect(formOf(service.requests[0]).get("client_assertion")).toBe("e30.e30.e30");
  });

  it.each([
    ["a path", "timetable.pem"],
    ["a promise", Promise.resolve()],
    ["null", null],
  ])("a client refuses %s in the place of the credential", (_, certificate) => {
    const options = { tenantId: "school.example", clientId, certificate: certificate as never };
    expect(() => createConfidentialClient(options)).toThrow(TypeError);
  });
});

describe("getToken() with a signal", () => {
  let certificate: CertificateCredential;
  beforeAll(async () => {
    certificate = (await createSelfSigned({ subject: "CN=a" })).credential;
  });

  const stages: [
    string,
    () => Parameters<typeof scriptedService>[0],
    () => Partial<NightlatchCredentialOptions>,
  ][] = [
    ["while the certificate is read", () => () => granted("t"), () => ({ certificate: never })],
    [
      "while a remote key signs",
      () => () => granted("t"),
      () => ({ certificate: { ...certificate, signer: { sign: never } }, now: Date.now }),
    ],
    ["while another issuer is asked", () => () => granted("t"), () => ({ assertion: never })],
    ["while a secret is read", () => () => granted("t"), () => ({ clientSecret: never })],
    ["while a shared cache is asked", () => () => granted("t"), () => ({ cache: deafCache })],
    ["while the endpoint does not answer", () => never, () => ({})],
    ["while a retry is waited for", () => busy, () => ({ retry: { maxAttempts: 4 } })],
  ];
  it.each(stages)(
    "rejects with OAUTH_ABORTED %s, and with the others in the dark about it",
    async (_, answer, options) => {
      const { credential } = scriptedService(answer(), options());
      const controller = new AbortController();
      const outcome = { patient: "waits" };
      void credential.getToken(scope).then(
        () => (outcome.patient = "got it"),
        () => (outcome.patient = "failed"),
      );
      const impatient = credential.getToken(scope, { abortSignal: controller.signal });
      const started = performance.now();
      setTimeout(() => controller.abort(), 20);
      await expect(impatient).rejects.toMatchObject({ code: "OAUTH_ABORTED" });
      expect(performance.now() - started).toBeLessThan(2_000);
      expect(outcome.patient).toBe("waits");
    },
  );
});
