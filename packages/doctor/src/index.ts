export { AADSTS_EXPLANATIONS, type AadstsExplanation } from "./aadsts.generated.ts";
export type { ArtifactKind } from "./artifact.ts";
export {
  type Check,
  type CheckAnswer,
  type CheckFix,
  type CheckReport,
  type CheckResult,
  type CheckStatus,
  runChecks,
} from "./check/check.ts";
export { createChecks } from "./check/checks.ts";
export type {
  CheckConfiguration,
  CheckContext,
  CheckedApi,
  CheckedFile,
  CheckRequest,
  CheckResponse,
} from "./check/context.ts";
export { CheckFacts } from "./check/facts.ts";
export {
  type ExplainInput,
  type ExplainOptions,
  type Explanation,
  explain,
  type RecognisedArtifact,
} from "./explain.ts";
export type { EvidenceValue, Finding, FindingEntry, FindingTable, Remedy, Severity } from "./finding.ts";
export { FINDINGS, type FindingCode } from "./finding-table.ts";
export { formatCheckLine } from "./report/check-line.ts";
export { formatJson } from "./report/json.ts";
export { formatFinding, formatText } from "./report/text.ts";
export { maskText } from "./secrets.ts";
