/**
 * Exchanging the certificate of an application for a new one without a moment at which it cannot sign in.
 *
 * @see https://learn.microsoft.com/graph/api/application-addkey
 * @see https://learn.microsoft.com/graph/application-rollkey-prooftoken
 */
import type { ExpiryThreshold } from "@nightlatch/credential";
import type { Transport } from "../transport/transport.ts";
import type { ApplicationKey } from "./application-keys.ts";
import type { RotatedCertificate, RotationStep } from "./rotation/rotation-state.ts";

/** How a certificate is rotated. */
export interface RotationOptions {
  /** The file that programs read, key and certificate together. The other files of the rotation lie beside it. */
  readonly certificatePath: string;
  /** Passphrase of the key, old and new. @defaultValue none */
  readonly passphrase?: string | undefined;
  /** GUID or verified domain. */
  readonly tenantId: string;
  /** Application (client) id, a GUID. */
  readonly clientId: string;
  /** Cloud name, host or https origin. @defaultValue `global` */
  readonly authorityHost?: string | undefined;
  readonly transport: Transport;
  /** Graph with its version, no trailing slash. @defaultValue `https://graph.microsoft.com/v1.0` */
  readonly graphEndpoint?: string | undefined;
  /** @defaultValue `https://graph.microsoft.com/.default` */
  readonly graphScope?: string | undefined;
  /** Of the application, not of its service principal. @defaultValue looked up, which needs Application.Read.All */
  readonly objectId?: string | undefined;
  /** keyId of the certificate that goes. @defaultValue looked up, or known from the rotation before */
  readonly oldKeyId?: string | undefined;
  /** Gives an administrator's token for Graph; asked only where the application's own does not do. @defaultValue none */
  readonly administratorToken?: (() => Promise<string>) | undefined;
  /** File with the new key and certificate; copied. @defaultValue a self-signed one is made */
  readonly newCertificatePath?: string | undefined;
  /** Of the certificate that is made, `CN=…`. @defaultValue that of the old one */
  readonly subject?: string | undefined;
  /** Of the key that is made, in bits. @defaultValue that of the old one */
  readonly keySizeBits?: 2048 | 3072 | 4096 | undefined;
  /** Days for which the certificate that is made is valid. @defaultValue 365 */
  readonly validDays?: number | undefined;
  /** Milliseconds for which both keys stay after the switch; 0 removes the old one at once. @defaultValue until `finish` */
  readonly overlapMs?: number | undefined;
  /** Removes the old key now; begins no new rotation. @defaultValue false */
  readonly finish?: boolean | undefined;
  /** Begins a rotation only when the certificate is due; `true` is when two thirds of its life are over. @defaultValue false */
  readonly ifDue?: ExpiryThreshold | boolean | undefined;
  /** Milliseconds to wait until the new key is known. @defaultValue 600000 */
  readonly waitMs?: number | undefined;
  /** First pause of a wait, in milliseconds. @defaultValue 1000 */
  readonly firstPauseMs?: number | undefined;
  /** Says what would be done, and changes nothing. @defaultValue false */
  readonly dryRun?: boolean | undefined;
  /** Told how far it is; what it throws stops the rotation there. */
  readonly onEvent?: ((event: RotationEvent) => void | Promise<void>) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** @defaultValue the clock of this machine */
  readonly now?: (() => Date) | undefined;
}

/** What a rotation tells its caller. */
export type RotationEvent =
  /** A step is carried out, and then written into the state file. */
  | { readonly kind: "acted" | "recorded"; readonly step: RotationStep }
  /** The new key is not known everywhere yet. */
  | { readonly kind: "waiting"; readonly reason: string; readonly delayMs: number };

/** One line of what is done and what is to come. */
export interface RotationLine {
  readonly step: RotationStep;
  readonly done: boolean;
  /** For people. */
  readonly text: string;
}

/** Where a rotation stands at the end of a call. */
export interface RotationReport {
  /**
   * `done`: the old key is gone; `overlapping`: both keys are registered and the new one is in use; `planned`: a dry
   * run; `notDue` and `nothingToFinish`: nothing was to be done.
   */
  readonly outcome: "done" | "overlapping" | "planned" | "notDue" | "nothingToFinish";
  readonly clientId: string;
  /** `undefined` when nothing was to be done. */
  readonly objectId?: string | undefined;
  readonly old: RotatedCertificate;
  readonly new?: RotatedCertificate | undefined;
  /** How the new certificate is registered: with a proof, or by an administrator's PATCH. */
  readonly method?: "addKey" | "patch" | undefined;
  /** ISO 8601, UTC: when the next run removes the old key; `undefined` when only `finish` does. */
  readonly removeAfter?: string | undefined;
  readonly steps: readonly RotationLine[];
  /** Keys of the application before and after; `undefined` where no token at hand may read them. */
  readonly keysBefore?: readonly ApplicationKey[] | undefined;
  readonly keysAfter?: readonly ApplicationKey[] | undefined;
  /** Absolute paths. */
  readonly files: {
    readonly certificate: string;
    readonly next: string;
    readonly old: string;
    readonly state: string;
  };
}

/**
 * Rotates the certificate of an application: makes a new one (or takes the one given), registers it by `addKey` with
 * a proof signed by the old, waits until tokens are issued with it, puts its file in the place of the old one, keeps
 * both for a while, and removes the old by `removeKey`. Called again after a crash at any point, it goes on where it
 * stopped; until the new key is confirmed the old file stays in its place.
 *
 * @param options - file, application, how long both keys stay
 * @returns where it stands now
 * @throws {NightlatchError} `OAUTH_ROTATION_…`, `OAUTH_PROOF_REFUSED`, `OAUTH_OBJECT_ID_NEEDED`, `OAUTH_OBJECT_ID_UNFIT`,
 *   `OAUTH_KEY_ID_NEEDED`, `OAUTH_KEYS_LOST`, `OAUTH_KEYS_UNREADABLE`, `OAUTH_DIRECTORY_REFUSED`, `OAUTH_REFUSED`,
 *   `OAUTH_NETWORK_…`, `OAUTH_ABORTED`, `CREDENTIAL_…` for either certificate
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createTransport, rotateCertificate } from "@nightlatch/oauth";
 *
 * const transport = createTransport();
 * await assert.rejects(
 *   rotateCertificate({
 *     certificatePath: "no-such-file.pem",
 *     tenantId: "school.example",
 *     clientId: "11111111-2222-4333-8444-555555555555",
 *     transport,
 *     overlapMs: 7 * 86_400_000,
 *   }),
 *   { code: "OAUTH_ROTATION_FILE_UNFIT" },
 * );
 * transport.close();
 * ```
 */
export async function rotateCertificate(options: RotationOptions): Promise<RotationReport> {
  // Loaded here: programs that only want tokens need none of it.
  const { runRotation } = await import("./rotation/run-rotation.ts");
  return runRotation(options);
}
