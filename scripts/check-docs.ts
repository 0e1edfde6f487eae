/**
 * Fails on a public symbol without its documentation. Public is what a package's doors export.
 *
 * Asked of every exported declaration: a sentence. Of every exported function besides: `@param` for each parameter
 * and `@returns` unless it returns nothing.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

function doors(): string[] {
  return readdirSync(join(root, "packages")).flatMap((room) => {
    const { exports } = JSON.parse(readFileSync(join(root, "packages", room, "package.json"), "utf8"));
    return Object.values(exports as Record<string, Record<string, string>>).map((entry) =>
      join(root, "packages", room, entry["@nightlatch/source"] ?? ""),
    );
  });
}

const program = ts.createProgram(doors(), {
  module: ts.ModuleKind.NodeNext,
  target: ts.ScriptTarget.ES2023,
  lib: ["lib.es2023.d.ts"],
  types: ["node"],
  allowImportingTsExtensions: true,
  noEmit: true,
  skipLibCheck: true,
  customConditions: ["@nightlatch/source"],
});
const checker = program.getTypeChecker();
const complaints: string[] = [];
let looked = 0;

function place(node: ts.Node): string {
  const file = node.getSourceFile();
  const { line } = file.getLineAndCharacterOfPosition(node.getStart());
  return `${relative(root, file.fileName)}:${line + 1}`;
}

function checkFunction(name: string, declaration: ts.SignatureDeclaration, node: ts.Node): void {
  const tags = ts.getJSDocTags(node);
  const documented = new Set(
    tags.filter(ts.isJSDocParameterTag).map((tag) => tag.name.getText().split(".")[0]),
  );
  for (const [index, parameter] of declaration.parameters.entries()) {
    const known = ts.isIdentifier(parameter.name)
      ? documented.has(parameter.name.text)
      : documented.size > index;
    if (!known) complaints.push(`${place(node)} ${name}: no @param for "${parameter.name.getText()}"`);
  }
  const signature = checker.getSignatureFromDeclaration(declaration);
  const returned = signature === undefined ? "void" : checker.typeToString(signature.getReturnType());
  const nothing = /^(void|never|Promise<void>|asserts .*)$/.test(returned);
  if (!nothing && !tags.some(ts.isJSDocReturnTag)) complaints.push(`${place(node)} ${name}: no @returns`);
}

function checkSymbol(symbol: ts.Symbol): void {
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const declaration = target.declarations?.[0];
  if (declaration === undefined || !declaration.getSourceFile().fileName.includes("/packages/")) return;
  if (declaration.getSourceFile().fileName.endsWith(".generated.ts")) return;
  looked += 1;
  const sentence = ts.displayPartsToString(target.getDocumentationComment(checker)).trim();
  if (sentence === "") complaints.push(`${place(declaration)} ${symbol.name}: no doc comment`);
  if (ts.isFunctionDeclaration(declaration)) checkFunction(symbol.name, declaration, declaration);
}

for (const door of doors()) {
  const source = program.getSourceFile(door);
  const module = source === undefined ? undefined : checker.getSymbolAtLocation(source);
  for (const symbol of module === undefined ? [] : checker.getExportsOfModule(module)) checkSymbol(symbol);
}

for (const complaint of new Set(complaints)) console.error(complaint);
if (complaints.length > 0 || looked === 0) process.exitCode = 1;
console.log(`${looked} public symbols, ${new Set(complaints).size} complaints`);
