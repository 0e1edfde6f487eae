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
export async function signInTime(
  signer: Signer,
  signingInput: Uint8Array,
  algorithm: SigningAlgorithm,
): Promise<Uint8Array> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const message = `The signer did not sign within ${LONGEST_SIGNING_MS / 1000} s`;
      const options = { retryable: true };
      reject(new NightlatchError(CREDENTIAL_ERRORS, "CREDENTIAL_SIGNER_UNAVAILABLE", message, options));
    }, LONGEST_SIGNING_MS);
  });
  try {
    return await Promise.race([signer.sign(signingInput, algorithm), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
