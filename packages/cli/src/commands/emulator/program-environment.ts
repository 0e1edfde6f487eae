/** What a program of any language needs to meet the emulator under the real names: variables, and files they name. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { javaTrustStore, trustStorePassword } from "./java-trust-store.ts";
import { nodePreload } from "./node-preload.ts";

/** The emulator that the program is to meet. */
interface EmulatorAddresses {
  readonly proxy: string;
  /** File of the authority's certificate, PEM. */
  readonly ca: string;
  readonly caPem: string;
  readonly origin: string;
  readonly tenantId: string;
}

/**
 * Writes the files and gives the variables.
 *
 * @param folder - an empty folder that lives as long as the program
 * @param emulator - running
 * @param hostNames - Microsoft's names that the emulator answers for; `*.` in front stands for one label
 * @param env - the program's other variables: what it was given already is kept where two settings can stand together
 * @returns variables to be added
 */
export async function prepareProgram(
  folder: string,
  emulator: EmulatorAddresses,
  hostNames: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<Record<string, string>> {
  return {
    HTTPS_PROXY: emulator.proxy,
    https_proxy: emulator.proxy,
    NO_PROXY: "localhost,127.0.0.1,::1",
    no_proxy: "localhost,127.0.0.1,::1",
    REQUESTS_CA_BUNDLE: emulator.ca,
    SSL_CERT_FILE: emulator.ca,
    CURL_CA_BUNDLE: emulator.ca,
    HTTPLIB2_CA_CERTS: emulator.ca,
    DENO_CERT: emulator.ca,
    PERL_LWP_SSL_CA_FILE: emulator.ca,
    GIT_SSL_CAINFO: emulator.ca,
    ...(await forNode(folder, emulator, hostNames, env)),
    ...(await forJava(folder, emulator, env)),
    ...(await forPhp(folder, emulator, env)),
    ...(await forRuby(folder, env)),
    ...(await forWget(folder, emulator, env)),
    NIGHTLATCH_EMULATOR: emulator.origin,
    NIGHTLATCH_EMULATOR_TENANT: emulator.tenantId,
  };
}

/** Before version 24 Node reads no proxy variables, and `https` never did by itself. */
async function forNode(
  folder: string,
  { origin, ca }: EmulatorAddresses,
  hostNames: readonly string[],
  { NODE_OPTIONS: given }: Readonly<Record<string, string | undefined>>,
): Promise<Record<string, string>> {
  const preload = join(folder, "real-hosts.cjs");
  await writeFile(preload, nodePreload(hostNames, Number(new URL(origin).port)));
  return {
    NODE_EXTRA_CA_CERTS: ca,
    NODE_OPTIONS: `${given === undefined ? "" : `${given} `}--require ${JSON.stringify(preload)}`,
  };
}

async function forJava(
  folder: string,
  { proxy, caPem }: EmulatorAddresses,
  { JAVA_TOOL_OPTIONS: given }: Readonly<Record<string, string | undefined>>,
): Promise<Record<string, string>> {
  const trustStore = join(folder, "trust.jks");
  await writeFile(trustStore, javaTrustStore(caPem));
  const { hostname, port } = new URL(proxy);
  const options = [
    `-Dhttps.proxyHost=${hostname}`,
    `-Dhttps.proxyPort=${port}`,
    // Java splits the variable at white space, which a folder's name may hold.
    `"-Djavax.net.ssl.trustStore=${trustStore}"`,
    "-Djavax.net.ssl.trustStoreType=JKS",
    `-Djavax.net.ssl.trustStorePassword=${trustStorePassword}`,
  ];
  return { JAVA_TOOL_OPTIONS: [...(given === undefined ? [] : [given]), ...options].join(" ") };
}

/** PHP reads no variable for its authorities, but a further folder of settings. */
async function forPhp(
  folder: string,
  { ca }: EmulatorAddresses,
  { PHP_INI_SCAN_DIR: given = "" }: Readonly<Record<string, string | undefined>>,
): Promise<Record<string, string>> {
  const settings = join(folder, "php");
  await mkdir(settings);
  await writeFile(join(settings, "authority.ini"), `curl.cainfo="${ca}"\nopenssl.cafile="${ca}"\n`);
  // An empty place in the list stands for PHP's own folder.
  return { PHP_INI_SCAN_DIR: `${given}${delimiter}${settings}` };
}

/** Net::HTTP looks for `http_proxy` whatever the scheme; other languages keep their plain HTTP. */
async function forRuby(
  folder: string,
  { RUBYOPT: options, RUBYLIB: libraries }: Readonly<Record<string, string | undefined>>,
): Promise<Record<string, string>> {
  await writeFile(join(folder, "nightlatch_proxy.rb"), 'ENV["http_proxy"] = ENV["https_proxy"]\n');
  // Ruby splits RUBYOPT at white space, which a folder's name may hold: the folder goes into RUBYLIB.
  return {
    RUBYLIB: libraries === undefined ? folder : `${folder}${delimiter}${libraries}`,
    RUBYOPT: `${options === undefined ? "" : `${options} `}-rnightlatch_proxy`,
  };
}

/** Wget reads its authority from its settings only, and one file of them. */
async function forWget(
  folder: string,
  { ca }: EmulatorAddresses,
  { WGETRC: given, HOME: home = "" }: Readonly<Record<string, string | undefined>>,
): Promise<Record<string, string>> {
  const own = await readFile(given ?? join(home, ".wgetrc"), "utf8").catch(() => "");
  const settings = join(folder, "wgetrc");
  await writeFile(settings, `${own}\nca_certificate = ${ca}\n`, { mode: 0o600 });
  return { WGETRC: settings };
}
