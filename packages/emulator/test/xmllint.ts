/** xmllint, the judge of what is valid XML by a schema. */
import { spawnSync } from "node:child_process";

/**
 * Gives the path of xmllint, which is fetched from Debian when this may be done.
 *
 * @returns `undefined`, with a reason on the console, when there is none
 */
export function findXmllint(): string | undefined {
  const works = (): boolean => spawnSync("xmllint", ["--version"]).status === 0;
  if (works()) return "xmllint";
  if (process.getuid?.() === 0) {
    spawnSync("apt-get", ["install", "-y", "-q", "libxml2-utils"], { timeout: 60_000, stdio: "ignore" });
    if (works()) return "xmllint";
  }
  if (process.env["CI"] !== undefined) throw new Error("xmllint is missing: install libxml2-utils");
  console.warn(
    "Skipped: xmllint (Debian's libxml2-utils) is not installed, so no body was judged by the schemas",
  );
  return undefined;
}
