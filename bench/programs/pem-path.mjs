/** From a PEM file to a token, as a daemon does it: `pem-path.mjs ORIGIN CA_FILE PEM_FILE`. */
import { readFileSync } from "node:fs";
import { readCredentialFile } from "@nightlatch/credential";
import { createTransport, NightlatchCredential } from "@nightlatch/oauth";

const [origin, caPath, pemPath] = process.argv.slice(2);
const transport = createTransport({ ca: readFileSync(caPath, "utf8"), proxy: false });
const credential = new NightlatchCredential({
  tenantId: "00000000-0000-4000-8000-000000000001",
  clientId: "00000000-0000-4000-8000-0000000000aa",
  authorityHost: origin,
  transport,
  certificate: await readCredentialFile(pemPath),
});
await credential.getToken("https://graph.microsoft.com/.default");
transport.close();
