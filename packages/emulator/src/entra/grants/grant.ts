/** What every grant of the token endpoint is given, and what it gives back. */
import type { EmulatorRequest } from "../../host/http.ts";
import type { EntraContext } from "../entra-context.ts";
import type { Form } from "../form.ts";

/** A token request whose verb, tenant segment and grant type are checked. */
export interface GrantRequest {
  readonly request: EmulatorRequest;
  readonly form: Form;
  /** Tenant segment of the path as sent. */
  readonly segment: string;
  /** 1: `/oauth2/token` with `resource`; 2: `/oauth2/v2.0/token` with `scope`. */
  readonly endpointVersion: 1 | 2;
  readonly context: EntraContext;
}

/** One grant: answers with the members of the token response, or throws a refusal. */
export type Grant = (grant: GrantRequest) => Promise<Record<string, unknown>>;
