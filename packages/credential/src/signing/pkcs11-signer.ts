/**
 * Signs with a key that stays in an HSM, a smart card or any other PKCS#11 token.
 *
 * Runs OpenSC's `pkcs11-tool` for each signature instead of loading a native module into the process: nothing to
 * compile at installation, and a driver that crashes does not take the program with it. An assertion serves for ten
 * minutes, so the cost of the process (some tens of milliseconds) is paid rarely.
 *
 * The rules are: the PIN travels in the child's environment, never on its command line; what is signed goes in by
 * standard input; the child is ended when it takes too long.
 *
 * @see https://github.com/OpenSC/OpenSC (pkcs11-tool(1)), PKCS#11 v2.40 §2.1.10 (RSA-PSS)
 */
import { inspect } from "node:util";
import { refusal } from "../refusal.ts";
import type { Signer, SigningAlgorithm } from "./signer.ts";

/** Options of {@link createPkcs11Signer}. */
export interface Pkcs11SignerOptions {
  /** The PKCS#11 library, for example `/usr/lib/softhsm/libsofthsm2.so`. */
  readonly modulePath: string;
  /** Label of the token. */
  readonly tokenLabel: string;
  /** CKA_ID of the private key, hex. One of `keyIdHex` and `keyLabel` is needed. */
  readonly keyIdHex?: string | undefined;
  /** CKA_LABEL of the private key. */
  readonly keyLabel?: string | undefined;
  /** The user PIN, or what fetches it. @defaultValue no login */
  readonly pin?: string | (() => string | Promise<string>) | undefined;
  /** The program. @defaultValue "pkcs11-tool" */
  readonly programPath?: string | undefined;
  /** Milliseconds after which a signature counts as failed. @defaultValue 15 000 */
  readonly timeoutMs?: number | undefined;
}

const PIN_VARIABLE = "NIGHTLATCH_PKCS11_PIN";

/**
 * Creates a signer whose key stays in a PKCS#11 token.
 *
 * Join it to its certificate with {@link createCertificateCredential}, which proves that they fit.
 *
 * @param options - module, token, key, PIN
 * @returns the signer
 * @throws {TypeError} when neither `keyIdHex` nor `keyLabel` is given
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createPkcs11Signer } from "@nightlatch/credential";
 *
 * const signer = createPkcs11Signer({
 *   modulePath: "/usr/lib/softhsm/libsofthsm2.so",
 *   tokenLabel: "school",
 *   keyIdHex: "01",
 *   programPath: "/no/such/pkcs11-tool",
 * });
 * await assert.rejects(signer.sign(Buffer.from("text"), "PS256"), { code: "CREDENTIAL_SIGNER_UNAVAILABLE" });
 * ```
 * @see https://github.com/OpenSC/OpenSC
 */
export function createPkcs11Signer(options: Pkcs11SignerOptions): Signer {
  if (options.keyIdHex === undefined && options.keyLabel === undefined)
    throw new TypeError("A PKCS#11 signer needs keyIdHex or keyLabel");
  return new Pkcs11Signer(options);
}

class Pkcs11Signer implements Signer {
  readonly #options: Pkcs11SignerOptions;

  constructor(options: Pkcs11SignerOptions) {
    this.#options = options;
  }

  async sign(signingInput: Uint8Array, algorithm: SigningAlgorithm): Promise<Uint8Array> {
    const { pin } = this.#options;
    const pinText = typeof pin === "function" ? await pin() : pin;
    const { status, output, complaint } = await this.#run(
      this.#argumentsFor(algorithm, pinText),
      pinText,
      signingInput,
    );
    if (status !== 0) throw refusedBy(complaint, this.#options);
    if (output.length < 256)
      throw refusal(
        "CREDENTIAL_SIGNER_FAILED",
        `The token ${this.#options.tokenLabel} returned no signature`,
        {
          details: { outputBytes: output.length },
        },
      );
    return output;
  }

  toJSON(): string {
    return `[key in token ${this.#options.tokenLabel}]`;
  }

  [inspect.custom](): string {
    return `Signer <key in token ${this.#options.tokenLabel}>`;
  }

  #argumentsFor(algorithm: SigningAlgorithm, pin: string | undefined): string[] {
    const { modulePath, tokenLabel, keyIdHex, keyLabel } = this.#options;
    const mechanism =
      algorithm === "PS256"
        ? ["--mechanism", "SHA256-RSA-PKCS-PSS", "--mgf", "MGF1-SHA256", "--salt-len", "32"]
        : ["--mechanism", "SHA256-RSA-PKCS"];
    return [
      ...["--module", modulePath, "--token-label", tokenLabel],
      ...(pin === undefined ? [] : ["--login", "--pin", `env:${PIN_VARIABLE}`]),
      ...(keyIdHex === undefined ? [] : ["--id", keyIdHex]),
      ...(keyLabel === undefined ? [] : ["--label", keyLabel]),
      ...["--sign", ...mechanism],
    ];
  }

  async #run(
    args: string[],
    pin: string | undefined,
    input: Uint8Array,
  ): Promise<{ status: number | null; output: Buffer; complaint: string }> {
    const { programPath = "pkcs11-tool", timeoutMs = 15_000 } = this.#options;
    const { spawn } = await import("node:child_process");
    return new Promise((resolve, reject) => {
      const child = spawn(programPath, args, {
        env: pin === undefined ? process.env : { ...process.env, [PIN_VARIABLE]: pin },
        stdio: ["pipe", "pipe", "pipe"],
        timeout: timeoutMs,
        killSignal: "SIGKILL",
      });
      const output: Buffer[] = [];
      const complaint: Buffer[] = [];
      child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
      child.stderr.on("data", (chunk: Buffer) => complaint.push(chunk));
      child.on("error", (error) => reject(notStarted(programPath, error)));
      child.on("close", (status, signal) => {
        if (signal === "SIGKILL")
          reject(
            refusal(
              "CREDENTIAL_SIGNER_UNAVAILABLE",
              `The token ${this.#options.tokenLabel} did not sign within ${timeoutMs} ms`,
              { retryable: true },
            ),
          );
        else
          resolve({
            status,
            output: Buffer.concat(output),
            complaint: Buffer.concat(complaint).toString("utf8"),
          });
      });
      // A child that ends early closes its input; its status tells why.
      child.stdin.on("error", () => undefined);
      child.stdin.end(input);
    });
  }
}

function notStarted(programPath: string, error: Error): Error {
  const errno = (error as NodeJS.ErrnoException).code ?? "unknown";
  return refusal("CREDENTIAL_SIGNER_UNAVAILABLE", `Cannot run ${programPath} (${errno})`, {
    hint: "Install OpenSC, which brings pkcs11-tool (Debian: apt-get install opensc)",
    details: { programPath, errno },
  });
}

/** Texts of pkcs11-tool, and what they mean. */
const COMPLAINTS: ReadonlyArray<readonly [pattern: RegExp, code: "REFUSED" | "UNAVAILABLE", what: string]> = [
  [/CKR_PIN_LOCKED/, "REFUSED", "the PIN is locked"],
  [/CKR_PIN_/, "REFUSED", "the PIN is wrong"],
  [/CKR_USER_NOT_LOGGED_IN/, "REFUSED", "a PIN is needed"],
  [/Private key not found/, "REFUSED", "there is no such private key in the token"],
  [/No slot with token named|No slots|no slot/i, "UNAVAILABLE", "there is no such token"],
  [/Failed to load pkcs11 module|sc_dlopen/, "UNAVAILABLE", "the PKCS#11 module cannot be loaded"],
  [/CKR_MECHANISM_INVALID|not supported/i, "REFUSED", "the token cannot do this algorithm"],
];

function refusedBy(complaint: string, options: Pkcs11SignerOptions): Error {
  const known = COMPLAINTS.find(([pattern]) => pattern.test(complaint));
  const status = /CKR_[A-Z_]+/.exec(complaint)?.[0];
  return refusal(
    `CREDENTIAL_SIGNER_${known?.[1] ?? "REFUSED"}`,
    `Cannot sign with the token ${options.tokenLabel}: ${known?.[2] ?? status ?? "pkcs11-tool failed"}`,
    { details: { tokenLabel: options.tokenLabel, modulePath: options.modulePath, returnValue: status } },
  );
}
