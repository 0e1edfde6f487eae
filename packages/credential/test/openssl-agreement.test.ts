/** Everything that openssl can compute too is computed by it here, and must come out the same. */
import { decodeProtectedHeader, importX509, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type CertificateCredential,
  createClientAssertion,
  createSelfSigned,
  parseCertificate,
  parseCompactJws,
  readCredential,
  readCredentialFile,
} from "../src/index.ts";
import { makeFixtures, PASSPHRASE } from "./fixtures.ts";
import { opensslIsThere, type Workshop } from "./openssl.ts";

const CLIENT_ID = "2f877daa-b6f5-42a3-8430-acf238b234e1";
const AUDIENCE = "https://login.microsoftonline.com/school.example/oauth2/v2.0/token";

describe.skipIf(!opensslIsThere)("agreement with openssl", () => {
  let shop: Workshop;
  let credential: CertificateCredential;

  beforeAll(async () => {
    shop = makeFixtures();
    const paths = ["main.key.pem", "main.cert.pem"].map((name) => shop.at(name));
    credential = await readCredentialFile(paths);
  });
  afterAll(() => shop.close());

  const x509 = (name: string, ...what: string[]) =>
    shop.openssl("x509", "-in", name, "-noout", ...what).trim();

  for (const name of ["main.cert.pem", "leaf.pem", "root.pem", "ec.cert.pem", "trusted.pem"])
    it(`parseCertificate() reads ${name} as openssl does`, () => {
      const certificate = parseCertificate(shop.bytes(name));
      const sha1 = x509(name, "-fingerprint", "-sha1").replace(/^.*=|:/g, "");
      const sha256 = x509(name, "-fingerprint", "-sha256").replace(/^.*=|:/g, "");
      expect(certificate.thumbprintSha1.hex).toBe(sha1);
      expect(certificate.thumbprintSha256.hex).toBe(sha256);
      expect(certificate.thumbprintSha1.base64).toBe(Buffer.from(sha1, "hex").toString("base64"));
      expect(certificate.thumbprintSha256.base64url).toBe(Buffer.from(sha256, "hex").toString("base64url"));
      expect(certificate.serialNumberHex).toBe(x509(name, "-serial").replace("serial=", ""));
      expect(certificate.notBefore).toEqual(new Date(x509(name, "-startdate").replace("notBefore=", "")));
      expect(certificate.notAfter).toEqual(new Date(x509(name, "-enddate").replace("notAfter=", "")));
      const nameOptions = ["-nameopt", "sep_comma_plus_space,sname,utf8"];
      expect(certificate.subject).toBe(x509(name, "-subject", ...nameOptions).replace(/^subject= ?/, ""));
      expect(certificate.issuer).toBe(x509(name, "-issuer", ...nameOptions).replace(/^issuer= ?/, ""));
      const plain = shop.openssl("x509", "-in", name, "-outform", "PEM");
      expect(certificate.pem).toBe(plain.slice(plain.indexOf("-----BEGIN")));
    });

  it("thumbprints are what the recipe of the openssl | xxd | base64 pipe gives", () => {
    const der = shop.openssl("dgst", "-sha1", "-r", "main.der").split(" ")[0] ?? "";
    expect(credential.certificate.thumbprintSha1.hex.toLowerCase()).toBe(der);
  });

  it("readCredential() reads what `openssl req -x509 -newkey rsa:2048` makes with a passphrase", async () => {
    shop.openssl(
      ...["req", "-x509", "-days", "3650", "-newkey", "rsa:2048", "-keyout", "key.pem", "-out", "cert.pem"],
      ...["-subj", "/CN=nightly/O=School", "-passout", "file:pass.txt"],
    );
    expect(shop.text("key.pem")).toContain("ENCRYPTED PRIVATE KEY");
    const loaded = await readCredentialFile([shop.at("key.pem"), shop.at("cert.pem")], {
      passphrase: PASSPHRASE,
    });
    const { notBefore, notAfter } = loaded.certificate;
    expect((+notAfter - +notBefore) / 86_400_000).toBe(3650);
    await expect(readCredentialFile([shop.at("key.pem"), shop.at("cert.pem")])).rejects.toMatchObject({
      code: "CREDENTIAL_PASSPHRASE_MISSING",
      details: { sourceName: shop.at("key.pem") },
    });
  });

  for (const algorithm of ["PS256", "RS256"] as const)
    it(`createClientAssertion() with ${algorithm} is verified by openssl and by jose`, async () => {
      const assertion = await createClientAssertion(credential, {
        clientId: CLIENT_ID,
        audience: AUDIENCE,
        algorithm,
      });
      const { signingInput, signature } = parseCompactJws(assertion);
      shop.write("input.bin", signingInput);
      shop.write("signature.bin", signature);
      const padding =
        algorithm === "PS256"
          ? [
              "-sigopt",
              "rsa_padding_mode:pss",
              "-sigopt",
              "rsa_pss_saltlen:32",
              "-sigopt",
              "rsa_mgf1_md:sha256",
            ]
          : ["-sigopt", "rsa_padding_mode:pkcs1"];
      const verdict = () =>
        shop.openssl(
          "dgst",
          "-sha256",
          "-verify",
          "public.pem",
          ...padding,
          "-signature",
          "signature.bin",
          "input.bin",
        );
      expect(verdict()).toContain("Verified OK");
      const key = await importX509(shop.text("main.cert.pem"), algorithm);
      const verified = await jwtVerify(assertion, key, {
        issuer: CLIENT_ID,
        subject: CLIENT_ID,
        audience: AUDIENCE,
      });
      expect(verified.payload.exp! - verified.payload.nbf!).toBe(600);
      shop.write("input.bin", Buffer.concat([signingInput, Buffer.from("x")]));
      expect(verdict).toThrow();
    });

  it("x5c holds the chain leaf first, and openssl verifies it", async () => {
    const names = ["root.pem", "main.key.pem", "intermediate.pem", "leaf.pem"];
    const chained = await readCredentialFile(names.map((name) => shop.at(name)));
    const assertion = await createClientAssertion(chained, {
      clientId: CLIENT_ID,
      audience: AUDIENCE,
      includeChain: true,
    });
    const x5c = decodeProtectedHeader(assertion).x5c ?? [];
    const subjects = x5c.map((der, index) => {
      shop.write(`x5c-${index}.der`, Buffer.from(der, "base64"));
      return shop.openssl("x509", "-inform", "DER", "-in", `x5c-${index}.der`, "-subject", "-noout");
    });
    expect(subjects.map((subject) => subject.trim().replace(/\s/g, ""))).toEqual([
      "subject=CN=leaf",
      "subject=CN=intermediate",
      "subject=CN=root",
    ]);
    expect(
      shop.openssl("verify", "-CAfile", "root.pem", "-untrusted", "intermediate.pem", "leaf.pem"),
    ).toContain("OK");
  });

  for (const keySizeBits of [2048, 3072, 4096])
    it(`createSelfSigned() makes a certificate of ${keySizeBits} bits that openssl accepts`, {
      retry: 0,
    }, async () => {
      const notBefore = new Date("2026-02-24T10:25:37Z");
      const made = await createSelfSigned({
        subject: "CN=timetable,O=Schüle\\, North,C=GB,E=it@school.example",
        keySizeBits,
        notBefore,
        notAfter: new Date("2056-02-21T10:25:37Z"),
        now: notBefore,
      });
      shop.write("minted.pem", made.certificatePem);
      shop.write("minted.key.pem", made.privateKeyPem);
      const text = shop.openssl("x509", "-in", "minted.pem", "-noout", "-text");
      expect(text).toContain(`(${keySizeBits} bit)`);
      expect(text.match(/Signature Algorithm: sha256WithRSAEncryption/g)).toHaveLength(2);
      expect(text).toMatch(/Key Usage: critical\s+Digital Signature\s/);
      expect(text).toMatch(/Basic Constraints: critical\s+CA:FALSE/);
      expect(text).toMatch(/Extended Key Usage:\s+TLS Web Client Authentication/);
      expect(text).toContain("Subject Key Identifier");
      expect(x509("minted.pem", "-startdate")).toBe("notBefore=Feb 24 10:25:37 2026 GMT");
      expect(x509("minted.pem", "-enddate")).toBe("notAfter=Feb 21 10:25:37 2056 GMT");
      expect(x509("minted.pem", "-subject", "-nameopt", "sep_comma_plus_space,sname,utf8,esc_2253")).toBe(
        "subject=CN=timetable, O=Schüle\\, North, C=GB, emailAddress=it@school.example",
      );
      expect(made.credential.certificate.subject).toBe(
        "CN=timetable, O=Schüle\\, North, C=GB, emailAddress=it@school.example",
      );
      const attime = String(+notBefore / 1000 + 60);
      expect(
        shop.openssl(
          "verify",
          "-attime",
          attime,
          "-check_ss_sig",
          "-x509_strict",
          "-CAfile",
          "minted.pem",
          "minted.pem",
        ),
      ).toContain("OK");
      expect(shop.openssl("pkey", "-in", "minted.key.pem", "-check", "-noout")).toContain("valid");
      expect(made.credential.certificate.isSelfSigned).toBe(true);
      const again = await readCredential([made.certificatePem, made.privateKeyPem], { now: notBefore });
      expect(again.certificate.thumbprintSha256).toEqual(made.credential.certificate.thumbprintSha256);
    });

  it("createSelfSigned() encrypts the key so that openssl opens it with the passphrase", async () => {
    const made = await createSelfSigned({ subject: "CN=locked", passphrase: PASSPHRASE });
    shop.write("minted-locked.pem", made.privateKeyPem);
    expect(made.privateKeyPem).toContain("BEGIN ENCRYPTED PRIVATE KEY");
    expect(
      shop.openssl("pkey", "-in", "minted-locked.pem", "-passin", "file:pass.txt", "-check", "-noout"),
    ).toContain("valid");
    expect(() =>
      shop.openssl("pkey", "-in", "minted-locked.pem", "-passin", "pass:wrong", "-noout"),
    ).toThrow();
    await expect(
      readCredential([made.privateKeyPem, made.certificatePem], { passphrase: PASSPHRASE }),
    ).resolves.toBeDefined();
  });
});
