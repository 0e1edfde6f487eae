import { checkExpiry } from "@nightlatch/credential";
import { type PassphraseOptions, passphraseOption, readCertificate } from "../../certificate-input.ts";
import { lifeText } from "../../certificate-text.ts";
import { type CommandInput, type CommandResult, defineCommand } from "../../command.ts";
import { facts } from "../../plain-text.ts";

interface Options extends PassphraseOptions {
  readonly expiresIn?: string;
}

export const certCheck = defineCommand<Options>({
  path: ["cert", "check"],
  summary: "Tell whether a certificate is due for renewal, for cron and monitoring",
  details: "Exit status: 0 fine · 5 due, expired or not yet valid · 1 the file could not be read.",
  arguments: [{ name: "file", description: "file with the certificate; - for standard input" }],
  options: [
    {
      flags: "--expires-in <span>",
      description:
        "due this long before its end (30d, 12h, 2w), or with this share of its life left (33%, the default)",
    },
    passphraseOption,
  ],
  examples: [
    {
      line: "nightlatch cert check timetable.pem --expires-in 30d || mail -s 'renew the certificate' admin@school.example < /dev/null",
      says: "in a nightly job",
    },
  ],
  run: checkCertificate,
});

async function checkCertificate({ context, args, options }: CommandInput<Options>): Promise<CommandResult> {
  const certificate = await readCertificate(args[0] ?? "-", options, context);
  const status = checkExpiry(certificate, { threshold: options.expiresIn, now: context.now() });
  return {
    data: { subject: certificate.subject, thumbprintSha1: certificate.thumbprintSha1.hex, ...status },
    text: facts([
      ["Certificate", `${certificate.subject} (${certificate.thumbprintSha1.hex})`],
      [
        "State",
        { ok: "fine", due: "due for renewal", expired: "expired", notYetValid: "not yet valid" }[
          status.state
        ],
      ],
      ["Ends", `${status.notAfter.toISOString()} (${lifeText(certificate, context.now())})`],
      ["Due from", status.dueAt.toISOString()],
    ]),
    exitCode: status.state === "ok" ? 0 : 5,
  };
}
