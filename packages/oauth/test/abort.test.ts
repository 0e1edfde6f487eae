/** A caller who gives up is let go at once, wherever his request stands, and alone. */
import { type CertificateCredential, createSelfSigned } from "@nightlatch/credential";
import { beforeAll, describe, expect, it } from "vitest";
import type { NightlatchCredentialOptions } from "../src/nightlatch-credential.ts";
import type { TokenCache } from "../src/token-cache/token-cache.ts";
import { granted, respond, scope, scriptedService } from "./scripted-service.ts";

const never = () => new Promise<never>(() => undefined);
const deafCache: TokenCache = { get: never, set: never, delete: never, clear: never, getOrRequest: never };
const busy = () => respond(503, {}, { "retry-after": "60" });

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
