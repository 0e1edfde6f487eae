import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { type ExplainInput, type Explanation, explain, formatJson, formatText } from "@nightlatch/doctor";
import { readPassphrase } from "../../certificate-input.ts";
import { type CommandInput, type CommandResult, type Context, defineCommand } from "../../command.ts";
import { readInput } from "../../files.ts";

interface Options {
  readonly passphraseFile?: string;
}

export const doctorExplain = defineCommand<Options>({
  path: ["doctor", "explain"],
  summary: "Say what is wrong with whatever you paste, and what to do",
  details:
    "Takes an error text or body, a header, an assertion, a token, a manifest, a certificate, a thumbprint, a curl command line, a HAR file, program code, an event of Graph, an ICS feed, a log: from files, as an argument, or from standard input. Several things are read together, so that an assertion, a manifest and an error explain each other. Nothing is sent anywhere, and secrets are masked in what is printed. Exit status: 0 nothing wrong · 5 a fault was found · 1 nothing in it is known to the doctor.",
  arguments: [
    { name: "what...", description: "files or texts; standard input when absent or -", optional: true },
  ],
  options: [
    { flags: "--passphrase-file <file>", description: "file with the passphrase of an encrypted key or PFX" },
  ],
  examples: [
    {
      line: 'nightlatch doctor explain "AADSTS700027: Client assertion contains an invalid signature. [Reason - The key was not found., …"',
      says: "an error message",
    },
    {
      line: "nightlatch doctor explain error.json manifest.json timetable.pem",
      says: "an error with the manifest and the certificate it is about",
    },
    {
      line: "nightlatch token get --settings timetable.env | nightlatch doctor explain",
      says: "will an API take this token?",
    },
  ],
  run: explainInputs,
});

async function explainInputs({ context, args, options }: CommandInput<Options>): Promise<CommandResult> {
  const inputs = await Promise.all(
    (args.length === 0 ? ["-"] : args).map((text) => inputFrom(text, context)),
  );
  const explanation = await explain(inputs, {
    now: context.now(),
    passphrase: await readPassphrase(options, context),
  });
  return {
    data: JSON.parse(formatJson(explanation)),
    text: formatText(explanation),
    exitCode: exitCodeOf(explanation),
  };
}

/** What nobody understood is not fine: an empty pipe would pass for a good token. */
function exitCodeOf({ verdict, recognised }: Explanation): number {
  if (verdict === "fault") return 5;
  return recognised.length === 0 ? 1 : 0;
}

const fileNameShape =
  /^[\w./\\~-]+\.(pem|cer|crt|der|key|pfx|p12|json|har|txt|log|jwt|env|xml|ics|cs|py|js|mjs|ts|php|java|go|ps1|sh)$/i;

/** A file when there is one of that name, otherwise the text itself. */
async function inputFrom(text: string, context: Context): Promise<ExplainInput> {
  if (text === "-") return { name: "standard input", content: await readInput("-", context) };
  const isFile = text.length < 1_024 && !text.includes("\n") && existsSync(resolve(context.cwd, text));
  // A file name with a slip of the pen is no text to be explained: reading it says that it is not there.
  const isMeantAsFile = fileNameShape.test(text);
  return isFile || isMeantAsFile
    ? { name: text, content: await readInput(text, context) }
    : { content: text };
}
