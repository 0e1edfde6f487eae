/** Worked examples as curl commands. */
import { type DescribedApi, type DescribedParameter, type Endpoint, exampleOf } from "./described-api.ts";

/**
 * Formats the request of an operation, with example values filled in.
 *
 * @returns shell command; `$TOKEN` stands for the access token
 */
export function formatCurl(endpoint: Endpoint, api: DescribedApi): string {
  const { method, path, operation } = endpoint;
  const parameters = operation.parameters ?? [];
  const address = path.replace(/\{([^}]+)\}/g, (whole, name: string) => {
    const parameter = parameters.find((candidate) => candidate.in === "path" && candidate.name === name);
    const example = parameter && exampleOfParameter(parameter);
    return example === undefined ? whole : encodeURIComponent(example).replaceAll("%40", "@");
  });
  const query = parameters
    .filter((parameter) => parameter.in === "query" && ["from", "to"].includes(parameter.name))
    .map((parameter) => `${parameter.name}=${encodeURIComponent(exampleOfParameter(parameter) ?? "")}`);
  const url = `${api.servers[0]?.url ?? ""}${address}${query.length > 0 ? `?${query.join("&")}` : ""}`;
  const lines = ["curl"];
  if (method !== "get") lines.push(`  -X ${method.toUpperCase()}`);
  if ((operation.security?.length ?? 0) > 0) lines.push('  -H "Authorization: Bearer $TOKEN"');
  const body = operation.requestBody?.content["application/json"]?.schema;
  if (body !== undefined) {
    lines.push('  -H "Content-Type: application/json"');
    lines.push(
      `  -d '${JSON.stringify(method === "patch" ? { location: "Room 14" } : exampleOf(body, api))}'`,
    );
  }
  lines.push(`  '${url}'`);
  return lines.join(" \\\n").replace("curl \\\n  ", "curl ");
}

/** Formats the exchange of a client assertion for a token. */
export function formatTokenCurl(tokenUrl: string, scope: string): string {
  return [
    `curl '${tokenUrl}'`,
    "  -d grant_type=client_credentials",
    "  -d client_id=YOUR_CLIENT_ID",
    `  --data-urlencode scope=${scope}`,
    "  --data-urlencode client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    "  --data-urlencode client_assertion@assertion.jwt",
  ].join(" \\\n");
}

function exampleOfParameter(parameter: DescribedParameter): string | undefined {
  const example = parameter.example ?? parameter.schema?.example;
  return example === undefined ? undefined : String(example);
}
