/** What travels with a request through the handlers. */
import type { Caller } from "./options.ts";

/** Variables of the Hono context. */
export interface AppEnv {
  Variables: {
    /** Names the request in the log, the answer and problem documents. */
    requestId: string;
    /** Set once the token was checked. */
    caller: Caller;
  };
}
