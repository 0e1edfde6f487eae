/** One process of several: gets a token through a shared cache and prints a digest of it. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readCredentialFile } from "@nightlatch/credential";
import {
  createFileTokenCache,
  createPostgresTokenCache,
  createTransport,
  NightlatchCredential,
  type TokenCache,
} from "@nightlatch/oauth";
import { connectPostgres } from "./postgres-wire.ts";

const settings = JSON.parse(process.argv[2] ?? "") as {
  tenantId: string;
  clientId: string;
  authorityHost: string;
  folder: string;
  place:
    | { kind: "file"; directory: string; lockLifeMs?: number }
    | { kind: "postgres"; port: number; table?: string; leaseLifeMs?: number };
};
const certificate = await readCredentialFile(join(settings.folder, "credential.pem"));
const sealedBy = { certificate };
const { place } = settings;
let cache: TokenCache;
let close: () => void = () => undefined;
if (place.kind === "file") cache = createFileTokenCache({ ...place, sealedBy });
else {
  const connection = await connectPostgres({ port: place.port });
  close = connection.close;
  cache = createPostgresTokenCache({ ...place, query: connection.query, sealedBy });
}
const credential = new NightlatchCredential({
  tenantId: settings.tenantId,
  clientId: settings.clientId,
  authorityHost: settings.authorityHost,
  certificate,
  cache,
  transport: createTransport({ ca: readFileSync(join(settings.folder, "ca.pem"), "utf8"), proxy: false }),
});
const { token } = await credential.getToken("https://graph.microsoft.com/.default");
console.log(createHash("sha256").update(token).digest("hex"));
close();
