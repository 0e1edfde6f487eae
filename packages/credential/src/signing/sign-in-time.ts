/** A key elsewhere may never answer, and whoever waits for the signature would wait with it. */
import { CREDENTIAL_ERRORS, NightlatchError } from "../errors.ts";
import type { Signer, SigningAlgorithm } from "./signer.ts";

/** HSMs queue and key services are asked over a network; a minute is more than either takes. */
const LONGEST_SIGNING_MS = 60_000;

/**
 * Signs, or gives up.
 *
 * @param signer - signs
 * @param signingInput - the bytes to sign
 * @param algorithm - as the signer takes it
 * @returns what the signer gives
 * @throws {@link NightlatchError} `CREDENTIAL_SIGNER_UNAVAILABLE`: nothing came back within a minute
 */
export function signInTime(
  signer: Signer,
  signingInput: Uint8Array,
  algorithm: SigningAlgorithm,
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    // A signer that is no async function may throw, and one without types may return the bytes themselves.
    const signing = Promise.resolve(signer.sign(signingInput, algorithm));
    const timer = setTimeout(() => {
      const message = `The signer did not sign within ${LONGEST_SIGNING_MS / 1000} s`;
      const options = { retryable: true };
      reject(new NightlatchError(CREDENTIAL_ERRORS, "CREDENTIAL_SIGNER_UNAVAILABLE", message, options));
    }, LONGEST_SIGNING_MS);
    // Whoever gave up waiting cannot call it off, and the process need not stay for it.
    timer.unref();
    signing.then(
      (signature) => {
        clearTimeout(timer);
        resolve(signature);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}
