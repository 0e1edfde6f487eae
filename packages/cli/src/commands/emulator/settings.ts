import { join } from "node:path";
import { type CommandInput, type CommandResult, defineCommand } from "../../command.ts";
import type { NetworkOptions } from "../../connection.ts";
import { callControl } from "../../emulator-control.ts";
import { emulatorHome } from "../../emulator-home.ts";
import { emulatorOptions, withEmulator } from "../../running-emulator.ts";

export const emulatorSettings = defineCommand<NetworkOptions>({
  path: ["emulator", "settings"],
  summary: "Print ready-made settings for msal-node, MSAL Python, @azure/identity and the Graph clients",
  options: emulatorOptions,
  examples: [{ line: "nightlatch emulator settings", says: "for the emulator at https://localhost:8443" }],
  run: printSettings,
});

async function printSettings({ context, options }: CommandInput<NetworkOptions>): Promise<CommandResult> {
  return withEmulator(options, context, async (origin, transport) => {
    const health = (await callControl(origin, "GET", "/health", undefined, transport, context)) as {
      tenantId?: string;
    };
    const tenant = health.tenantId ?? "<tenant id>";
    const ca = join(emulatorHome(context.env), "ca.pem");
    const snippets = snippetsFor(origin, tenant, ca);
    return {
      data: { origin, tenantId: tenant, ca, settings: snippets },
      text: Object.entries(snippets)
        .map(([name, snippet]) => `# ${name}\n${snippet}`)
        .join("\n\n"),
    };
  });
}

function snippetsFor(origin: string, tenant: string, ca: string): Readonly<Record<string, string>> {
  const { host } = new URL(origin);
  return {
    environment: `export NODE_EXTRA_CA_CERTS=${ca} REQUESTS_CA_BUNDLE=${ca} SSL_CERT_FILE=${ca} CURL_CA_BUNDLE=${ca}\nexport AZURE_AUTHORITY_HOST=${origin} AZURE_TENANT_ID=${tenant}`,
    "@azure/msal-node": `new ConfidentialClientApplication({\n  auth: { clientId, authority: "${origin}/${tenant}", knownAuthorities: ["${host}"], clientCertificate },\n});`,
    "MSAL Python": `msal.ConfidentialClientApplication(\n    client_id, authority="${origin}/${tenant}", instance_discovery=False,\n    client_credential={"private_key": key, "thumbprint": sha1_hex})`,
    "@azure/identity": `new ClientCertificateCredential("${tenant}", clientId, pemPath, {\n  authorityHost: "${origin}",\n  disableInstanceDiscovery: true,\n});`,
    "@microsoft/microsoft-graph-client": `Client.initWithMiddleware({\n  authProvider,\n  baseUrl: "${origin}",\n  customHosts: new Set(["${new URL(origin).hostname}"]),\n});`,
  };
}
