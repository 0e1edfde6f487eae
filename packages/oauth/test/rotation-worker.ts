/** A rotation in a process of its own, which the test kills: prints each event as it happens. */
import { readFileSync } from "node:fs";
import { createTransport, type RotationOptions, rotateCertificate } from "@nightlatch/oauth";

const { caPath, haltAt, ...options } = JSON.parse(process.argv[2] ?? "") as Omit<
  RotationOptions,
  "transport"
> & {
  caPath: string;
  haltAt?: string;
};
const transport = createTransport({ ca: readFileSync(caPath, "utf8"), proxy: false });
const report = await rotateCertificate({
  ...options,
  transport,
  onEvent: async (event) => {
    const text = event.kind === "waiting" ? event.kind : `${event.kind} ${event.step}`;
    process.stdout.write(`${text}\n`);
    // Stands still here until it is killed; the timer keeps the process alive.
    if (text === haltAt) await new Promise((resolve) => setTimeout(resolve, 60_000));
  },
});
process.stdout.write(`${report.outcome}\n`);
transport.close();
