import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { messagesSchema } from "../src/ews/schema/messages-schema.ts";
import { typesSchema } from "../src/ews/schema/types-schema.ts";
import { validate } from "../src/ews/schema/validate.ts";
import { writeXsd } from "../src/ews/schema/xsd.ts";
import { readXml, XmlFault } from "../src/ews/soap/xml-reader.ts";
import { MESSAGES, TYPES } from "./ews-fixture.ts";
import { makeDraw, requests, wound } from "./ews-wounds.ts";
import { findXmllint } from "./xmllint.ts";

const CASES = 1_500;

/** What our own check says; `undefined` for text that is no XML. */
function isValid(text: string): boolean | undefined {
  let element: ReturnType<typeof readXml>;
  try {
    element = readXml(Buffer.from(text));
  } catch {
    return undefined;
  }
  try {
    validate(element);
    return true;
  } catch (error) {
    if (error instanceof XmlFault) return false;
    throw error;
  }
}

it("validate() and xmllint agree about wounded requests", { timeout: 60_000 }, ({ skip }) => {
  const xmllint = findXmllint();
  if (xmllint === undefined) return skip();
  const draw = makeDraw(11);
  const bodies = requests("AAMk").map((body) =>
    body.replace(/^<([\w:]+)/, `<$1 xmlns:m="${MESSAGES}" xmlns:t="${TYPES}"`),
  );
  const cases: { readonly text: string; readonly ours: boolean }[] = [];
  for (let count = 0; count < CASES; count++) {
    const wounded = wound(bodies[draw(bodies.length)] ?? "", draw);
    const text = Buffer.isBuffer(wounded) ? "" : wounded;
    const ours = isValid(text);
    if (ours !== undefined) cases.push({ text, ours });
  }
  const directory = mkdtempSync(join(tmpdir(), "nightlatch-ews-schema-"));
  try {
    writeFileSync(join(directory, "types.xsd"), writeXsd(typesSchema()));
    writeFileSync(join(directory, "messages.xsd"), writeXsd(messagesSchema()));
    for (const [index, { text }] of cases.entries()) writeFileSync(join(directory, `${index}.xml`), text);
    const verdicts = judge(xmllint, directory, cases.length);
    const disagreements = cases.filter(({ ours }, index) => verdicts.get(index) !== ours);
    expect(disagreements.slice(0, 3)).toEqual([]);
    expect(cases.filter(({ ours }) => ours).length).toBeGreaterThan(20);
    expect(cases.filter(({ ours }) => !ours).length).toBeGreaterThan(100);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

function judge(xmllint: string, directory: string, count: number): ReadonlyMap<number, boolean> {
  const names = Array.from({ length: count }, (_, index) => `${index}.xml`);
  let lines = "";
  try {
    const args = ["--noout", "--nonet", "--schema", "messages.xsd", ...names];
    execFileSync("sh", ["-c", '"$0" "$@" 2>&1', xmllint, ...args], { cwd: directory, encoding: "utf8" });
  } catch (error) {
    lines = String((error as { stdout?: string }).stdout);
  }
  const verdicts = new Map<number, boolean>();
  for (const [, index, verdict] of lines.matchAll(/^(\d+)\.xml (validates|fails to validate)$/gm))
    verdicts.set(Number(index), verdict === "validates");
  return verdicts;
}
