/** The readable page of the API, made from its OpenAPI description. */
import type { OpenApiDocument } from "../openapi-document.ts";
import { formatCurl, formatTokenCurl } from "./curl.ts";
import {
  type DescribedApi,
  type DescribedContent,
  type DescribedParameter,
  type DescribedSchema,
  type Endpoint,
  listEndpoints,
  resolveSchema,
  schemaName,
} from "./described-api.ts";
import { html, layout, type Markup, prose } from "./layout.ts";

/**
 * Renders the page.
 *
 * @param document - OpenAPI 3.1
 * @returns HTML document without script
 */
export function renderApiPage(document: OpenApiDocument): string {
  const api = JSON.parse(JSON.stringify(document)) as DescribedApi;
  const endpoints = listEndpoints(api);
  const groups = (api.tags ?? []).map((tag) => ({
    tag,
    endpoints: endpoints.filter(({ operation }) => operation.tags?.includes(tag.name)),
  }));
  const content = html`
<h1>${api.info.title}</h1>
<p class="lead">${api.info.description}</p>
<p>Machine-readable: <a href="/openapi.json">/openapi.json</a> (OpenAPI 3.1). Every code of a problem document: <a href="/errors">/errors</a>.</p>
${renderSignIn(api)}
${groups.map(
  ({ tag, endpoints: own }) => html`<section><h2>${tag.name}</h2><p>${tag.description}</p>
${own.map((endpoint) => renderEndpoint(endpoint, api))}</section>`,
)}
<section><h2 id="schemas">Shapes</h2>
${Object.entries(api.components?.schemas ?? {}).map(
  ([name, schema]) =>
    html`<article id="schema-${name}"><h3>${name}</h3>${renderMembers(schema, api)}</article>`,
)}</section>
<footer>Nightlatch · version ${api.info.version} of this API</footer>`;
  const navigation = html`<a class="name" href="#content">${api.info.title}</a>
<ul><li><a href="#sign-in">Signing in</a></li></ul>
${groups.map(
  ({ tag, endpoints: own }) =>
    html`<h2>${tag.name}</h2><ul>${own.map(
      ({ method, operation }) =>
        html`<li><a href="#${operation.operationId}"><span class="method ${method}">${method.toUpperCase()}</span><span>${operation.summary}</span></a></li>`,
    )}</ul>`,
)}
<h2>Shapes</h2><ul>${Object.keys(api.components?.schemas ?? {}).map(
    (name) => html`<li><a href="#schema-${name}">${name}</a></li>`,
  )}</ul>`;
  return layout({ title: api.info.title, navigation, content });
}

function renderSignIn(api: DescribedApi): Markup {
  const scheme = api.components?.securitySchemes?.["entra"];
  const flow = scheme?.flows?.clientCredentials;
  if (flow === undefined)
    return html`<section id="sign-in"><h2>Signing in</h2><p>This installation lets everybody in without a token. That is for demonstrations only.</p></section>`;
  const [scope = ""] = Object.keys(flow.scopes);
  return html`<section id="sign-in"><h2>Signing in</h2>
<p>${scheme?.description}</p>
<p>A program proves who it is with a client assertion that it signs with its certificate, and gets an access token for it. The assertion itself is not a token: sent here, it is refused.</p>
<pre><code>${formatTokenCurl(flow.tokenUrl, scope)}</code></pre></section>`;
}

function renderEndpoint(endpoint: Endpoint, api: DescribedApi): Markup {
  const { method, path, operation } = endpoint;
  const needsToken = (operation.security?.length ?? 0) > 0;
  const body = Object.values(operation.requestBody?.content ?? {})[0]?.schema;
  const [success, problems] = splitResponses(operation.responses);
  return html`<article id="${operation.operationId}">
<h3>${operation.summary}</h3>
<div class="address"><span class="method ${method}">${method.toUpperCase()}</span><code>${path}</code>${!needsToken && html`<span class="open">no token</span>`}</div>
${operation.description !== undefined && html`<p>${prose(operation.description)}</p>`}
${renderParameters(operation.parameters ?? [])}
${body !== undefined && html`<h4>Body</h4><p>${renderType(body, api)}</p>`}
<h4>Answer</h4>${success.map(
    ([status, response]) =>
      html`<p><code>${status}</code> ${response.description}${renderContent(response.content, api)}</p>`,
  )}
<h4>Example</h4><pre><code>${formatCurl(endpoint, api)}</code></pre>
${
  problems.length > 0 &&
  html`<details><summary>${problems.length} ways to fail</summary><table>${problems.map(
    ([status, response]) => html`<tr><td><code>${status}</code></td><td>${response.description}</td></tr>`,
  )}</table></details>`
}</article>`;
}

type ResponseEntry = [string, { readonly description: string; readonly content?: DescribedContent }];

function splitResponses(responses: Endpoint["operation"]["responses"]): [ResponseEntry[], ResponseEntry[]] {
  const entries = Object.entries(responses);
  return [entries.filter(([status]) => status < "400"), entries.filter(([status]) => status >= "400")];
}

function renderContent(content: DescribedContent | undefined, api: DescribedApi): Markup | undefined {
  const [entry] = Object.entries(content ?? {});
  if (entry === undefined) return undefined;
  const [mediaType, { schema }] = entry;
  return html`: ${schema !== undefined && mediaType.includes("json") ? renderType(schema, api) : html`<code>${mediaType}</code>`}`;
}

function renderParameters(parameters: readonly DescribedParameter[]): Markup | undefined {
  if (parameters.length === 0) return undefined;
  return html`<h4>Parameters</h4><div class="scroll"><table>
<tr><th>Name</th><th>In</th><th>Meaning</th></tr>
${parameters.map(
  ({ name, in: place, required, description, schema }) =>
    html`<tr><td><code>${name}</code>${required === true && html` <span class="req">required</span>`}</td><td class="kind">${place}</td><td>${prose(description)}${schema?.enum !== undefined && html` <span class="kind">${schema.enum.map(String).join(" · ")}.</span>`}${schema?.default !== undefined && html` <span class="kind">Default ${String(schema.default)}.</span>`}</td></tr>`,
)}</table></div>`;
}

function renderMembers(schema: DescribedSchema, api: DescribedApi): Markup {
  if (schema.properties === undefined) return html`<p>${renderType(schema, api)}</p>`;
  return html`<div class="scroll"><table><tr><th>Member</th><th>Kind</th><th>Meaning</th></tr>
${Object.entries(schema.properties).map(
  ([name, member]) =>
    html`<tr><td><code>${name}</code>${schema.required?.includes(name) === true && html` <span class="req">required</span>`}</td><td>${renderType(member, api)}</td><td>${resolveSchema(member, api) === member && prose(member.description)}</td></tr>`,
)}</table></div>`;
}

function renderType(schema: DescribedSchema, api: DescribedApi): Markup {
  const name = schemaName(schema);
  if (name !== undefined) return html`<a href="#schema-${name}">${name}</a>`;
  if (schema.items !== undefined)
    return html`<span class="kind">array of</span> ${renderType(schema.items, api)}`;
  if (schema.enum !== undefined)
    return html`<span class="kind">${schema.enum.map(String).join(" · ")}</span>`;
  if (schema.const !== undefined) return html`<code>${String(schema.const)}</code>`;
  const choices = schema.oneOf ?? schema.anyOf ?? schema.allOf;
  if (choices !== undefined)
    return html`${choices.map((choice, index) => html`${index > 0 && html`<br>`}${renderType(choice, api)}`)}`;
  if (schema.properties !== undefined)
    return html`<span class="kind">${Object.keys(schema.properties).join(", ")}</span>`;
  return html`<span class="kind">${[schema.type].flat().join(" or ")}${schema.format !== undefined && ` (${schema.format})`}</span>`;
}
