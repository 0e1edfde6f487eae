/**
 * Finds mistakes that stand in program code.
 *
 * The rules are: code is never run and never understood, only searched for writings that are wrong in every program;
 * what a variable holds is not guessed; a snippet without such a writing is left alone; comments do not count.
 */
import { maskText, shorten } from "../secrets.ts";
import { CODE_RULES } from "./code-rules.ts";
import { lineOf, originOf, type Reading } from "./reading.ts";

const SAMPLE = 200_000;

/** Marks of a language; the first that fits names it. */
const LANGUAGES: ReadonlyArray<readonly [string, RegExp]> = [
  ["Terraform", /^\s{0,20}(?:resource|data|provider)\s{1,5}"(?:azuread|azurerm|azapi)/m],
  ["PHP", /<\?php|\$\w{1,60}\s{0,5}=[^=][^\n]{0,300};|\w->\w{1,60}\(/],
  [
    "PowerShell",
    /^\s{0,40}\$\w{1,60}(?:\.\w{1,60})?\s{0,5}=\s|\[(?:System\.)?(?:Convert|Text\.Encoding|X509)\]::|^\s{0,40}Connect-MgGraph\s{1,5}-/im,
  ],
  [
    "C#",
    /^\s{0,40}using\s[\w.]{3,100};|\bnew\s{1,3}\w{2,80}(?:<[\w<>, ]{1,80}>)?\s{0,3}[({]|\bawait\s[\w.]{2,200}\(|\bvar\s\w{1,60}\s{0,3}=/m,
  ],
  [
    "Python",
    /^\s{0,40}(?:import|from)\s\w[\w.]{0,80}|^\s{0,40}def\s\w{1,80}\(|^\s{0,40}\w{1,60}\s{0,3}=\s{0,3}(?:(?:msal|jwt|base64|requests|hashlib)\.|OAuth2Credentials\()/m,
  ],
  [
    "Java",
    /\bimport\s(?:com|java|org)\.[\w.]{2,100};|\b(?:String|byte\[\]|var|final)\s\w{1,60}\s{0,3}=[^\n]{0,300};/,
  ],
  [
    "JavaScript",
    /\b(?:const|let|var)\s[\w{][\w\s,}]{0,80}=|\brequire\(|=>\s{0,3}\{|\bimport\s[^\n]{1,100}\sfrom\s["']/,
  ],
  ["Go", /^\s{0,40}(?:func|package)\s\w|\w\s{0,3}:=\s{0,3}\w/m],
  ["shell", /^\s{0,20}(?:[A-Z_]{2,40}=\$\(|echo\s|printf\s)|\|\s{0,3}(?:base64|openssl\s(?:base64|enc))\b/m],
];

/** What code has to speak of before it is looked at. */
const SUBJECT =
  /x5t|client_?[aA]ssertion|Connect-MgGraph|AcquireToken|acquire_token|grant_type|Client(?:Secret|Certificate|Assertion)Credential|ConfidentialClient|login\.microsoftonline|ExchangeService|OAuth2Credentials\(|outlook\.timezone|(?:jwt|JWT)(?:\.|::)(?:sign|encode)|customKeyIdentifier|azuread_|clientCertificate/;

/**
 * Tells whether a text is program code around a sign-in.
 *
 * @param text - any text
 * @returns name of the language, or `undefined`
 */
export function languageOf(text: string): string | undefined {
  const sample = text.slice(0, SAMPLE);
  if (!SUBJECT.test(sample)) return undefined;
  return LANGUAGES.find(([, pattern]) => pattern.test(sample))?.[0];
}

/**
 * Finds mistakes in program code.
 *
 * @param reading - the input
 * @param text - any text
 */
export function scanForCode(reading: Reading, text: string): void {
  const language = languageOf(text);
  if (language === undefined) return;
  keepSecrets(reading, text.slice(0, SAMPLE));
  const code = withoutComments(text.slice(0, SAMPLE));
  const before = reading.artifacts.length;
  for (const { mistake, find } of CODE_RULES) {
    if (reading.artifacts.some((item) => item.kind === "codeMistake" && item.mistake === mistake)) continue;
    const found = find(code);
    if (found === undefined) continue;
    const quoted = maskText(shorten(found.text.replace(/\s+/g, " ").trim(), 200));
    reading.artifacts.push({
      kind: "codeMistake",
      origin: originOf(reading, lineOf(code, found.at)),
      summary: `${language} code: ${quoted}`,
      mistake,
      quoted,
    });
  }
  if (reading.artifacts.length > before || reading.artifacts.some((item) => item.kind === "code")) return;
  const summary = `${language} code around a sign-in`;
  reading.artifacts.push({ kind: "code", origin: originOf(reading, "the text"), summary, language });
}

/** Literals that are credentials by the name of what takes them. */
function keepSecrets(reading: Reading, code: string): void {
  const named =
    /(?:secret(?:Text|Value)?|password|passphrase|pwd)["']?\]?\s{0,10}(?:=>|[:=(,])\s{0,5}[bfr$@]?["'`]([^"'`\n]{6,300})["'`]/gi;
  const third =
    /ClientSecretCredential\(\s{0,5}[^,\n]{1,200},[^,\n]{1,200},\s{0,5}["'`]([^"'`\n]{6,300})["'`]/gi;
  for (const pattern of [named, third])
    for (const match of [...code.matchAll(pattern)].slice(0, 50)) reading.secrets.add(match[1]);
}

/** Comments become blanks, so that lines keep their numbers. */
function withoutComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]{0,20000}?\*\//g, (comment) => comment.replace(/[^\n]/g, " "))
    .replace(
      /(^|[^:"'`\w\\])\/\/[^\n]*/g,
      (comment, lead: string) => lead + " ".repeat(comment.length - lead.length),
    )
    .replace(/^[ \t]{0,100}(?:#|--)(?![!])[^\n]*/gm, (comment) => " ".repeat(comment.length));
}
