/** A school whose daemon has bought a token for Exchange with its certificate, for clients that run beside the tests. */
import type { RunningEmulator } from "../src/index.ts";
import {
  DAEMON,
  JWT_BEARER,
  makeAssertion,
  makeCertificate,
  SECRET,
  schoolSeed,
  send,
  startSchool,
  TENANT,
} from "./entra-school.ts";

/** A school that runs. */
export interface EwsSchool {
  readonly emulator: RunningEmulator;
  /** What a client in another process has to know. */
  readonly env: Readonly<Record<string, string>>;
}

export async function startEwsSchool(): Promise<EwsSchool> {
  const certificate = makeCertificate("daemon");
  const emulator = await startSchool(schoolSeed(certificate));
  const answer = await send(emulator, `/${TENANT}/oauth2/token`, {
    form: {
      grant_type: "client_credentials",
      client_id: DAEMON,
      resource: "https://outlook.office365.com/",
      client_assertion_type: JWT_BEARER,
      client_assertion: makeAssertion(certificate, `${emulator.origin}/${TENANT}/oauth2/token`, DAEMON),
    },
  });
  const env = {
    NIGHTLATCH_EWS: emulator.ews,
    NIGHTLATCH_CONTROL: emulator.control,
    NIGHTLATCH_PROXY: emulator.proxy,
    NIGHTLATCH_TOKEN: String(answer.json["access_token"]),
    NIGHTLATCH_MAILBOX: "room-12@school.example",
    NIGHTLATCH_TENANT: TENANT,
    NIGHTLATCH_CLIENT: DAEMON,
    NIGHTLATCH_SECRET: SECRET,
    REQUESTS_CA_BUNDLE: emulator.ca,
  };
  return { emulator, env };
}
