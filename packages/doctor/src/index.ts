export { AADSTS_EXPLANATIONS, type AadstsExplanation } from "./aadsts.generated.ts";
export type { ArtifactKind } from "./artifact.ts";
export {
  type ExplainInput,
  type ExplainOptions,
  type Explanation,
  explain,
  type RecognisedArtifact,
} from "./explain.ts";
export type { EvidenceValue, Finding, FindingEntry, FindingTable, Remedy, Severity } from "./finding.ts";
export { FINDINGS, type FindingCode } from "./finding-table.ts";
export { formatJson } from "./report/json.ts";
export { formatFinding, formatText } from "./report/text.ts";
export { maskText } from "./secrets.ts";
