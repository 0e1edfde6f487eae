/** `/error?code=…`: the page to which `error_uri` leads. */
import type { EmulatorRequest, EmulatorResponse } from "../host/http.ts";
import { isKnownCode, wordRefusal } from "./aadsts.ts";
import { messagePage } from "./authorize/pages.ts";

/**
 * Explains an AADSTS number.
 *
 * @param request - GET with `code`
 * @returns a page
 */
export function errorLookup(request: EmulatorRequest): EmulatorResponse {
  const code = Number((request.query.get("code") ?? "").replace(/^AADSTS/i, ""));
  if (!isKnownCode(code))
    return messagePage({ title: "Error lookup", text: "This error code is not known." });
  return messagePage({ title: `AADSTS${code}`, text: wordRefusal({ code }).text });
}
