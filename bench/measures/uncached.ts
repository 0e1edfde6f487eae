import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createSelfSigned } from "@nightlatch/credential";
import { makeLocalCertificate } from "../local-certificate.ts";
import { judged, type Measure, shown } from "../measure.ts";
import { runProgram, startProgram, withFolder } from "../processes.ts";
import type { UncachedFigures } from "../programs/uncached-client.ts";

export const uncachedMeasure: Measure = {
  name: "uncached",
  title: "new tokens over local HTTPS, assertion reused, 16 in flight, client's CPU time of a token",
  run: () =>
    withFolder(async (folder) => {
      const local = makeLocalCertificate(folder);
      const { certificatePem, privateKeyPem } = await createSelfSigned({ subject: "CN=Bench" });
      const credentialPath = join(folder, "bench.pem");
      const keyPath = join(folder, "bench-key.pem");
      writeFileSync(credentialPath, privateKeyPem + certificatePem, { mode: 0o600 });
      writeFileSync(keyPath, privateKeyPem, { mode: 0o600 });
      const server = await startProgram<string>("token-server", {
        env: { CERTIFICATE_PEM: local.certificatePem, KEY_PEM: local.keyPem },
      });
      const { speeds, requestsForConcurrentMisses } = await runProgram<UncachedFigures>("uncached-client", {
        args: [server.greeting, credentialPath, keyPath],
        env: { NODE_EXTRA_CA_CERTS: local.certificatePath },
      });
      await server.stop();
      const { floor, nightlatch, msal } = speeds;
      return [
        shown("bare node:https, no assertion", floor.cpuMicros, "µs"),
        judged("nightlatch", nightlatch.cpuMicros, "µs", { atMost: 150 }),
        shown("msal-node, skipCache", msal.cpuMicros, "µs"),
        judged("share of msal-node", (100 * nightlatch.cpuMicros) / msal.cpuMicros, "%", { atMost: 33.4 }),
        judged("times bare node:https", nightlatch.cpuMicros / floor.cpuMicros, "×", { atMost: 1.6 }),
        judged("requests for 1,000 concurrent misses", requestsForConcurrentMisses, "", { atMost: 1 }),
      ];
    }),
};
