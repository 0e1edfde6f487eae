/**
 * A Java trust store (JKS, version 2) with one trusted certificate. Java ignores certificates in a PKCS#12 file that
 * lacks an attribute of its own, so the older and simpler format is written.
 */
import { createHash, X509Certificate } from "node:crypto";

/** Protects nothing: the store holds a public certificate, and Java wants a password. */
export const trustStorePassword = "nightlatch";

/**
 * Writes the store.
 *
 * @param caPem - certificate of the authority
 * @returns bytes of a JKS file, to be opened with {@link trustStorePassword}
 */
export function javaTrustStore(caPem: string): Buffer {
  const der = new X509Certificate(caPem).raw;
  const content = Buffer.concat([
    uint32(0xfeedfeed),
    uint32(2),
    uint32(1),
    uint32(2),
    utf("nightlatch"),
    Buffer.alloc(8),
    utf("X.509"),
    uint32(der.length),
    der,
  ]);
  const digest = createHash("sha1")
    .update(Buffer.from(trustStorePassword, "utf16le").swap16())
    .update("Mighty Aphrodite")
    .update(content)
    .digest();
  return Buffer.concat([content, digest]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function utf(text: string): Buffer {
  const bytes = Buffer.from(text, "utf8");
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
