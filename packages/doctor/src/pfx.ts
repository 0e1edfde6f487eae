import type { Artifact, Pfx } from "./artifact.ts";
import type { Finding } from "./finding.ts";
import { createFinding } from "./finding-table.ts";
import { readCertificateDer } from "./recognise/certificate.ts";

/** What came out of a PFX. */
export interface OpenedPfx {
  readonly artifacts: readonly Artifact[];
  readonly findings: readonly Finding[];
}

/**
 * Opens a PFX with the reader of `@nightlatch/credential`.
 *
 * @param pfx - the file
 * @param passphrase - its passphrase; an empty one is tried when there is none
 * @param known - artifacts so far
 * @returns the certificate inside, or why it stays shut
 */
export async function openPfx(
  pfx: Pfx,
  passphrase: string | undefined,
  known: readonly Artifact[],
): Promise<OpenedPfx> {
  try {
    const { readCredential } = await import("@nightlatch/credential");
    const credential = await readCredential(pfx.bytes, { passphrase: passphrase ?? "", allowExpired: true });
    const read = readCertificateDer(credential.certificate.der);
    if (
      read === undefined ||
      known.some((item) => item.kind === "certificate" && item.sha1Hex === read.sha1Hex)
    ) {
      return { artifacts: [], findings: [] };
    }
    const artifact: Artifact = {
      kind: "certificate",
      origin: pfx.origin,
      summary: `certificate ${read.x509.subject.split("\n").join(", ")}, SHA-1 ${read.sha1Hex}, with its private key`,
      encoding: "pfx",
      ...read,
    };
    return { artifacts: [artifact], findings: [keyInside(read.sha1Hex)] };
  } catch (error) {
    return { artifacts: [], findings: [refusal(error, passphrase)] };
  }
}

function keyInside(sha1Hex: string): Finding {
  return createFinding("KEY_MATCHES", {
    explanation: `The PFX holds the private key of ${sha1Hex}.`,
    evidence: { certificate: sha1Hex },
    remedy: "Nothing to do here.",
  });
}

function refusal(error: unknown, passphrase: string | undefined): Finding {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (/PASSPHRASE/.test(code)) {
    return passphrase === undefined
      ? createFinding("PFX_NEEDS_PASSPHRASE", {
          explanation: "The file is encrypted and no passphrase was given.",
          evidence: { reason: code },
          remedy: "Give its passphrase.",
        })
      : createFinding("PFX_PASSPHRASE", {
          explanation: "The passphrase does not open it.",
          evidence: { reason: code },
          remedy: "Check the passphrase, its encoding and a line break at its end.",
        });
  }
  return createFinding("PFX_UNREADABLE", {
    explanation: `It could not be used${code === "" ? "" : ` (${code})`}${error instanceof Error ? `: ${error.message.slice(0, 200)}` : ""}.`,
    evidence: { reason: code },
    remedy: { text: "Look inside with OpenSSL.", commands: ["openssl pkcs12 -in file.pfx -info -noout"] },
  });
}
