/** A browser that keeps cookies and fills in the sign-in pages. */
import { createHash, randomBytes } from "node:crypto";
import type { RunningEmulator } from "../src/index.ts";
import { type Answer, PASSWORD, send } from "./entra-school.ts";

/** A browser. */
export class Browser {
  readonly #emulator: RunningEmulator;
  readonly #cookies = new Map<string, string>();

  constructor(emulator: RunningEmulator) {
    this.#emulator = emulator;
  }

  /** Opens a page. */
  async open(path: string, form?: Readonly<Record<string, string | undefined>>): Promise<Answer> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const origin = form === undefined ? {} : { origin: this.#emulator.origin };
    const headers = { ...(cookie === "" ? {} : { cookie }), ...origin };
    const answer = await send(this.#emulator, path, form === undefined ? { headers } : { headers, form });
    for (const line of [answer.headers["set-cookie"] ?? []].flat()) {
      const [pair = ""] = line.split(";");
      const [name = "", value = ""] = pair.split("=");
      if (value === "") this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    return answer;
  }

  /** Sends the form of a page with further fields. */
  submit(page: Answer, fields: Readonly<Record<string, string | undefined>>): Promise<Answer> {
    const action = /<form method="post" action="([^"]+)"/.exec(page.text)?.[1];
    const flow = /name="flow" value="([^"]*)"/.exec(page.text)?.[1];
    if (action === undefined) throw new Error(`No form in ${page.text}`);
    return this.open(action, { flow, ...fields });
  }

  /** Types name and password. */
  signIn(page: Answer, login = "office@school.example", passwd = PASSWORD): Promise<Answer> {
    return this.submit(page, { login, passwd, action: "signin" });
  }
}

/** Parameters of a redirect back to the application. */
export function redirected(answer: Answer): URLSearchParams {
  const url = new URL(String(answer.headers["location"]));
  return new URLSearchParams(url.hash === "" ? url.search : url.hash.slice(1));
}

/** Fields of a page that posts itself to the application. */
export function posted(answer: Answer): Record<string, string> {
  const fields = answer.text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g);
  return Object.fromEntries([...fields].map(([, name = "", value = ""]) => [name, unescapeHtml(value)]));
}

function unescapeHtml(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
}

/** A PKCE pair. */
export function makePkce(): { verifier: string; challenge: string } {
  const verifier = randomBytes(32).toString("base64url");
  return { verifier, challenge: createHash("sha256").update(verifier).digest("base64url") };
}
