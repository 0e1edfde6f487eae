/** The part of an OpenAPI document that the page shows, as plain shapes. @see https://spec.openapis.org/oas/v3.1.0 */

/** A schema, as far as the page reads it. */
export interface DescribedSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly example?: unknown;
  readonly const?: unknown;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly items?: DescribedSchema;
  readonly properties?: Readonly<Record<string, DescribedSchema>>;
  readonly required?: readonly string[];
  readonly allOf?: readonly DescribedSchema[];
  readonly oneOf?: readonly DescribedSchema[];
  readonly anyOf?: readonly DescribedSchema[];
}

/** A parameter. */
export interface DescribedParameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: DescribedSchema;
  readonly example?: unknown;
}

/** A body or answer by media type. */
export type DescribedContent = Readonly<Record<string, { readonly schema?: DescribedSchema }>>;

/** One operation. */
export interface DescribedOperation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly unknown[];
  readonly parameters?: readonly DescribedParameter[];
  readonly requestBody?: { readonly content: DescribedContent };
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content?: DescribedContent }>
  >;
}

/** The whole document. */
export interface DescribedApi {
  readonly info: { readonly title: string; readonly description?: string; readonly version: string };
  readonly servers: readonly { readonly url: string }[];
  readonly tags?: readonly { readonly name: string; readonly description?: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
  readonly components?: {
    readonly schemas?: Readonly<Record<string, DescribedSchema>>;
    readonly securitySchemes?: Readonly<
      Record<
        string,
        {
          readonly description?: string;
          readonly flows?: {
            readonly clientCredentials?: {
              readonly tokenUrl: string;
              readonly scopes: Readonly<Record<string, string>>;
            };
          };
        }
      >
    >;
  };
}

/** An operation with its method and path. */
export interface Endpoint {
  readonly method: string;
  readonly path: string;
  readonly operation: DescribedOperation;
}

/** Lists the operations of an API in the order of its document. */
export function listEndpoints(api: DescribedApi): Endpoint[] {
  return Object.entries(api.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ method, path, operation })),
  );
}

/** Follows a reference into the schemas of the document. */
export function resolveSchema(schema: DescribedSchema, api: DescribedApi): DescribedSchema {
  const name = schemaName(schema);
  return (name === undefined ? undefined : api.components?.schemas?.[name]) ?? schema;
}

/** Gives the name of a referenced schema. */
export function schemaName(schema: DescribedSchema): string | undefined {
  return schema.$ref?.replace("#/components/schemas/", "");
}

/**
 * Makes an example of a schema: its required members and those that have an example of their own.
 */
export function exampleOf(schema: DescribedSchema, api: DescribedApi): unknown {
  const resolved = resolveSchema(schema, api);
  if (resolved.example !== undefined) return resolved.example;
  if (resolved.default !== undefined) return resolved.default;
  if (resolved.const !== undefined) return resolved.const;
  if (resolved.enum !== undefined) return resolved.enum[0];
  if (resolved.properties === undefined) return resolved.type === "array" ? [] : "…";
  const members = Object.entries(resolved.properties).filter(
    ([name, member]) => resolved.required?.includes(name) || member.example !== undefined,
  );
  return Object.fromEntries(members.map(([name, member]) => [name, exampleOf(member, api)]));
}
