/**
 * Sentences of client libraries that stand for a mistake in the files given to them.
 */
import type { Finding } from "../finding.ts";
import { createFinding, type FindingCode } from "../finding-table.ts";
import { allOf, type CaseFile } from "./case-file.ts";

type Row = readonly [FindingCode, string, string, (readonly string[])?];

const ROWS: Readonly<Record<string, Row>> = {
  keyUnreadable: [
    "CLIENT_KEY_UNREADABLE",
    "The library was given something that is not a private key it can read. Behind this one sentence hide: a certificate (.cer, .crt) without its key, a key whose line breaks became \\n or were lost in an environment variable, a PFX or DER file in place of PEM, an encrypted key without passphrase, PKCS#1 where PKCS#8 is wanted.",
    "Look at the first line of what the program reads: it must be -----BEGIN PRIVATE KEY----- (or RSA PRIVATE KEY) with real line breaks.",
    [
      "head -1 key.pem",
      "openssl pkey -in key.pem -noout",
      "openssl pkcs12 -in file.pfx -nodes -out both.pem",
    ],
  ],
  pkcs12Unsupported: [
    "PFX_LEGACY_CIPHER",
    "The PFX is encrypted with an old cipher (40-bit RC2, as Windows and old OpenSSL write it), which OpenSSL 3 has moved to its legacy provider.",
    "Export it again with a present cipher.",
    [
      "openssl pkcs12 -legacy -in old.pfx -nodes -out both.pem",
      "openssl pkcs12 -export -in both.pem -out new.pfx",
    ],
  ],
  pkcs12Passphrase: [
    "PFX_PASSPHRASE",
    "The passphrase does not open the PFX: a typing error, a line break at its end, or characters outside ASCII in another encoding.",
    "Try it by hand.",
    ["openssl pkcs12 -in file.pfx -noout"],
  ],
  pfxNotAccepted: [
    "CLIENT_KEY_UNREADABLE",
    "The library takes PEM only and was given a PFX (binary).",
    "Convert it.",
    ["openssl pkcs12 -in file.pfx -nodes -out both.pem"],
  ],
  certificateMissing: [
    "CLIENT_CERTIFICATE_MISSING",
    "The library looks for BEGIN CERTIFICATE in the same file as the key and finds none: the file holds the key alone, is a PFX or DER, or its line breaks were lost.",
    "Put certificate and key into one PEM file.",
    ["cat key.pem cert.pem > both.pem"],
  ],
  privateKeyMissing: [
    "CLIENT_PRIVATE_KEY_MISSING",
    "There is a certificate without its private key: a .cer or .crt, a Key Vault certificate read as certificate instead of as secret, or a store whose key this account may not read.",
    "Give the PFX or the PEM with the key; from Key Vault read the secret of the same name.",
    ["az keyvault secret download --vault-name <vault> --name <certificate> --file both.pem"],
  ],
  keyAlgorithm: [
    "CLIENT_KEY_ALGORITHM",
    "The key is EC. Entra accepts RSA only, and libraries fail on others in odd ways.",
    "Make a certificate with an RSA key.",
    [
      "openssl req -x509 -newkey rsa:2048 -sha256 -days 365 -nodes -keyout key.pem -out cert.pem -subj /CN=daemon",
    ],
  ],
  keyNotExportable: [
    "CLIENT_KEY_NOT_EXPORTABLE",
    "The key lives in a store, TPM, HSM or vault that signs but never gives it out. The library wants to have it.",
    "Use a library that takes a signing function, and let the store sign.",
  ],
  keyIdRefused: [
    "MANIFEST_REFUSED",
    "An entry that already is registered was sent again with other values.",
    "Send the entries that stay unchanged, with their keyId.",
  ],
  authorityUnreachable: [
    "CLIENT_AUTHORITY_UNREACHABLE",
    "MSAL asks the public cloud about the authority before it uses it. That fails without network, behind a proxy it does not know (it takes none by itself since version 5), and for a host that the cloud does not know, such as an emulator or ADFS.",
    "Check the proxy; for an own host set knownAuthorities (or disableInstanceDiscovery).",
  ],
  tls: [
    "CLIENT_TLS",
    "The certificate of the host was not issued by an authority that the program trusts. That is a proxy which opens TLS, or an emulator with its own authority.",
    "Give the authority's certificate to the program: NODE_EXTRA_CA_CERTS, SSL_CERT_FILE, REQUESTS_CA_BUNDLE. Do not switch the check off.",
  ],
  network: [
    "CLIENT_NETWORK",
    "The host did not answer: name not found, refused, or cut off.",
    "Check name resolution, firewall and proxy (HTTPS_PROXY).",
  ],
  addKeyProof: [
    "PROOF_MALFORMED",
    "The proof could not be read.",
    "Paste the proof here as well; each part is then checked.",
  ],
  pemInText: [
    "CLIENT_KEY_UNREADABLE",
    "The text given as PEM has characters that do not belong there, mostly \\n as two characters.",
    "Turn \\n into line breaks before use.",
  ],
};

/**
 * Explains sentences of client libraries.
 *
 * @param file - the case file
 * @returns the mistakes that hide behind them
 */
export function checkLibraryMessage(file: CaseFile): Finding[] {
  return allOf(file, "libraryMessage").flatMap((item) => {
    const row = ROWS[item.messageId];
    if (row === undefined) return [];
    const [code, explanation, text, commands] = row;
    return [
      createFinding(code, { explanation, evidence: { quoted: item.quoted }, remedy: { text, commands } }),
    ];
  });
}
