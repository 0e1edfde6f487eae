import {
  type Certificate,
  checkExpiry,
  type ExpiryStatus,
  type ExpiryThreshold,
  isNightlatchError,
} from "@nightlatch/credential";
import { type PassphraseOptions, passphraseOption, readCertificates } from "../../certificate-input.ts";
import { lifeText } from "../../certificate-text.ts";
import { type CommandInput, type CommandResult, defineCommand } from "../../command.ts";
import { facts } from "../../plain-text.ts";

interface Options extends PassphraseOptions {
  readonly expiresIn?: string;
}

export const certCheck = defineCommand<Options>({
  path: ["cert", "check"],
  summary: "Tell whether a certificate is due for renewal, for cron and monitoring",
  details:
    "Every certificate of every file counts: issuers and others beside it too. Exit status: 0 all fine · 5 one is due, expired or not yet valid · 1 a file could not be read.",
  arguments: [{ name: "file...", description: "files with certificates; - for standard input" }],
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
    { line: "nightlatch cert check /etc/timetable/*.pem --json", says: "several at once, for monitoring" },
  ],
  run: checkCertificates,
});

interface CheckedCertificate extends ExpiryStatus {
  readonly subject: string;
  readonly thumbprintSha1: string;
}

interface CheckedFile {
  readonly file: string;
  readonly leaf: CheckedCertificate;
  /** Issuers, and whatever else stands in the file. */
  readonly others: readonly CheckedCertificate[];
  readonly text: string;
}

interface UnreadableFile {
  readonly file: string;
  readonly error: { readonly code: string; readonly message: string };
}

async function checkCertificates(input: CommandInput<Options>): Promise<CommandResult> {
  const { args } = input;
  if (args.length < 2) {
    const { leaf, others, text } = await checkFile(args[0] ?? "-", input);
    const data = others.length === 0 ? leaf : { ...leaf, others };
    return { data, text, exitCode: [leaf, ...others].every(isFine) ? 0 : 5 };
  }
  const files: (CheckedFile | UnreadableFile)[] = [];
  for (const file of args) files.push(await checkFile(file, input).catch((error) => unreadable(file, error)));
  const checked = files.filter((each) => "leaf" in each);
  const isAllFine = checked.every(({ leaf, others }) => [leaf, ...others].every(isFine));
  return {
    data: {
      files: files.map((each) => {
        if ("error" in each) return each;
        const { file, leaf, others } = each;
        return others.length === 0 ? { file, ...leaf } : { file, ...leaf, others };
      }),
    },
    text: files
      .map(
        (each) =>
          `${each.file}\n${"error" in each ? `error: ${each.error.message} (${each.error.code})` : each.text}`,
      )
      .join("\n\n"),
    exitCode: checked.length < files.length ? 1 : isAllFine ? 0 : 5,
  };
}

async function checkFile(file: string, { context, options }: CommandInput<Options>): Promise<CheckedFile> {
  const [leaf, ...others] = await readCertificates(file, options, context);
  const now = context.now();
  const check = (certificate: Certificate, threshold: ExpiryThreshold | undefined): CheckedCertificate => ({
    subject: certificate.subject,
    thumbprintSha1: certificate.thumbprintSha1.hex,
    ...checkExpiry(certificate, { threshold, now }),
  });
  const own = check(leaf, options.expiresIn);
  // An issuer lives for many years: it is due when the leaf would be, with as much time left.
  const spanMs = own.notAfter.getTime() - own.dueAt.getTime();
  const checked = others.map((other) => check(other, spanMs));
  const text = facts([
    ["Certificate", `${own.subject} (${own.thumbprintSha1})`],
    ["State", STATES[own.state]],
    ["Ends", `${own.notAfter.toISOString()} (${lifeText(leaf, now)})`],
    ["Due from", own.dueAt.toISOString()],
    ...checked.map((other): [string, string] => [
      "Beside it",
      `${other.subject} (${other.thumbprintSha1}): ${STATES[other.state]}, ends ${other.notAfter.toISOString()}`,
    ]),
  ]);
  return { file, leaf: own, others: checked, text };
}

const STATES = { ok: "fine", due: "due for renewal", expired: "expired", notYetValid: "not yet valid" };

function isFine({ state }: CheckedCertificate): boolean {
  return state === "ok";
}

/** One file that cannot be read does not hide what is to be said of the others; wrong usage ends everything. */
function unreadable(file: string, error: unknown): UnreadableFile {
  if (!isNightlatchError(error) || error.exitCode === 2) throw error;
  return { file, error: { code: error.code, message: error.message } };
}
