/** The same from files, with their names in every message. */
import { open } from "node:fs/promises";
import type { CertificateCredential } from "../credential.ts";
import { loadRefusal } from "../refusal.ts";
import { type ReadCredentialOptions, readCredential } from "./read-credential.ts";

const MOST_BYTES = 1024 * 1024;

/** Options of {@link readCredentialFile}. */
export type ReadCredentialFileOptions = Omit<ReadCredentialOptions, "sourceName">;

/**
 * Reads a certificate and its private key from one file or several.
 *
 * @param paths - one file that holds both, or the files in any order
 * @param options - passphrase, instant
 * @returns the credential
 * @throws {@link NightlatchError} `CREDENTIAL_FILE_UNREADABLE`, and what {@link readCredential} throws, naming the file
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readCredentialFile } from "@nightlatch/credential";
 *
 * await assert.rejects(readCredentialFile("no-such-file.pem"), { code: "CREDENTIAL_FILE_UNREADABLE" });
 * ```
 */
export async function readCredentialFile(
  paths: string | readonly string[],
  options: ReadCredentialFileOptions = {},
): Promise<CertificateCredential> {
  const names = typeof paths === "string" ? [paths] : paths;
  const inputs = await Promise.all(names.map(readLimited));
  return readCredential(inputs, { ...options, sourceName: names });
}

/**
 * Reads a file of at most 1 MiB; pipes and devices as well.
 *
 * @param path - name of the file
 * @returns its bytes
 * @throws {@link NightlatchError} `CREDENTIAL_FILE_UNREADABLE`, `CREDENTIAL_INPUT_TOO_LARGE`
 */
async function readLimited(path: string): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let total = 0;
  try {
    const file = await open(path, "r");
    try {
      while (total <= MOST_BYTES) {
        const { bytesRead, buffer } = await file.read({ buffer: Buffer.alloc(64 * 1024) });
        if (bytesRead === 0) break;
        chunks.push(buffer.subarray(0, bytesRead));
        total += bytesRead;
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    throw unreadable(path, error);
  }
  if (total > MOST_BYTES) throw loadRefusal("CREDENTIAL_INPUT_TOO_LARGE", path, "it is larger than 1 MiB");
  return Buffer.concat(chunks);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "this user may not read it",
  EPERM: "this user may not read it",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of its path is no folder",
  ELOOP: "its links lead in a circle",
};

/** PEM, several lines, JSON, or a run of base64 that is longer than the names of files. */
const CONTENT = /-----BEGIN |[\r\n]|^\s*\{|^[A-Za-z0-9+/=_-]{200,}$/;

function unreadable(path: string, error: unknown): Error {
  const errno = (error as NodeJS.ErrnoException).code ?? "unknown";
  // A key that was given in the place of its file's name must not be quoted, neither here nor by the cause.
  if (CONTENT.test(path))
    return loadRefusal(
      "CREDENTIAL_FILE_UNREADABLE",
      "the file",
      "its content was given in place of its name",
      {
        hint: "Give the name of the file, or call readCredential with the content",
        details: { errno },
      },
    );
  return loadRefusal("CREDENTIAL_FILE_UNREADABLE", path, REASONS[errno] ?? `it cannot be read (${errno})`, {
    details: { errno },
    cause: error,
  });
}
