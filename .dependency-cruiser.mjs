/**
 * The floors of the house, as rules. Imports point down only; the emulator stands beside the tower.
 * `scripts/floors.test.ts` proves that each kind of violation is caught.
 */
const floors = ["credential", "oauth", "calendar", "sync", "doctor", "server", "cli"];

const upward = floors.slice(0, -1).map((name, index) => ({
  name: `no-upward-import-from-${name}`,
  comment: `packages/${name} stands on floor ${index}: what it needs from a higher floor belongs further down, or is passed in by the caller.`,
  severity: "error",
  from: { path: `^packages/${name}/`, pathNot: "\\.test(-d)?\\.ts$|^packages/[^/]+/test/" },
  to: { path: `^packages/(${floors.slice(index + 1).join("|")})/` },
}));

export default {
  forbidden: [
    ...upward,
    {
      name: "floors-do-not-skip-sideways",
      comment: "sync, doctor and server do not know each other; the command line composes them.",
      severity: "error",
      from: { path: "^packages/(sync|doctor|server)/src/", pathNot: "\\.test(-d)?\\.ts$" },
      to: { path: "^packages/(sync|doctor|server)/src/", pathNot: "^packages/$1/src/" },
    },
    {
      name: "emulator-imports-none-of-ours",
      comment:
        "The emulator is a second reading of the same specifications: code shared with the client would agree with itself even when both misread them. Share data through data/ instead.",
      severity: "error",
      from: { path: "^packages/emulator/src/", pathNot: "\\.test(-d)?\\.ts$" },
      to: { path: "^packages/(?!emulator/)" },
    },
    {
      name: "only-cli-and-tests-import-the-emulator",
      comment:
        "The emulator is composed by the command line and driven by tests; no library may depend on it.",
      severity: "error",
      from: {
        path: "^packages/(?!emulator/|cli/)",
        pathNot: "\\.test(-d)?\\.ts$|^packages/[^/]+/test/",
      },
      to: { path: "^packages/emulator/" },
    },
    {
      name: "no-deep-imports",
      comment:
        "A package has one door, its index.ts (or a subpath of its exports); what is not exported there is private.",
      severity: "error",
      from: { path: "^packages/([^/]+)/", pathNot: "\\.test(-d)?\\.ts$|^packages/[^/]+/test/" },
      to: {
        path: "^packages/[^/]+/(src|dist)/",
        pathNot:
          "^packages/$1/|^packages/[^/]+/(src|dist)/(ews/index|index|conformance|assertion)\\.(ts|js|d\\.ts)$",
      },
    },
    {
      name: "wings-do-not-know-each-other",
      comment:
        "Graph and EWS meet only in the Calendar port, so that the EWS wing can be cut off by deleting its folder.",
      severity: "error",
      from: { path: "^packages/calendar/src/(graph|ews)/", pathNot: "\\.test(-d)?\\.ts$" },
      to: { path: "^packages/calendar/src/(graph|ews)/", pathNot: "^packages/calendar/src/$1/" },
    },
    {
      name: "emulator-surfaces-do-not-know-each-other",
      comment:
        "Entra, Graph and Exchange meet in the directory, the mailbox store and the token check, not in each other's handlers.",
      severity: "error",
      from: { path: "^packages/emulator/src/(graph|ews)/", pathNot: "\\.test(-d)?\\.ts$" },
      to: { path: "^packages/emulator/src/(graph|ews)/", pathNot: "^packages/emulator/src/$1/" },
    },
    {
      name: "no-junk-drawers",
      comment:
        "There is no common, utils, helpers, shared or base: a thing lives on the lowest floor that needs it.",
      severity: "error",
      from: {},
      to: { path: "^packages/.*/(common|utils?|helpers?|shared|base|misc)(/|\\.ts$)" },
    },
    {
      name: "no-cycles",
      comment: "Two modules that need each other are one module, or miss a third.",
      severity: "error",
      from: { path: "^packages/" },
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "token-path-imports-nothing-but-node",
      comment:
        "credential and oauth load third-party libraries on first use only (dynamic import), so that the token path stays small and fast.",
      severity: "error",
      from: { path: "^packages/(credential|oauth)/src/", pathNot: "\\.test(-d)?\\.ts$" },
      to: {
        dependencyTypes: ["npm"],
        dependencyTypesNot: ["type-only", "npm-dev"],
        dynamic: false,
        path: "node_modules",
        pathNot: "@nightlatch|^packages/",
      },
    },
    {
      name: "no-unresolvable",
      comment: "An import that cannot be resolved is a typo or an undeclared dependency.",
      severity: "error",
      from: { path: "^packages/" },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules|/dist/" },
    exclude: { path: "/dist/|/fixtures/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.test.json" },
    enhancedResolveOptions: {
      conditionNames: ["@nightlatch/source", "import", "require", "node", "default", "types"],
      exportsFields: ["exports"],
      extensions: [".ts", ".mts", ".js", ".mjs", ".json"],
    },
  },
};
