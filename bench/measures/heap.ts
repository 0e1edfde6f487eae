import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { NightlatchCredential, type Transport } from "@nightlatch/oauth";
import { judged, type Measure, shown } from "../measure.ts";
import { CLIENT_ID, SCOPE, tenantOf } from "../msal.ts";

const tenants = 50_000;
const tokenBytes = 1400;

export const heapMeasure: Measure = {
  name: "heap",
  title: `memory of ${tenants.toLocaleString("en")} cached tokens of ${tokenBytes} bytes`,
  async run() {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const usedBytes = (): number => {
      collect();
      collect();
      return process.memoryUsage().heapUsed;
    };
    const before = usedBytes();
    const credential = new NightlatchCredential({
      tenantId: tenantOf(0),
      clientId: CLIENT_ID,
      assertion: async () => "a.b.c",
      transport: differentTokens(),
      additionallyAllowedTenants: ["*"],
    });
    for (let index = 0; index < tenants; index += 1)
      await credential.getToken(SCOPE, { tenantId: tenantOf(index) });
    const perTenant = (usedBytes() - before) / tenants;
    const { token } = await credential.getToken(SCOPE, { tenantId: tenantOf(0) });
    if (token.length !== tokenBytes) throw new Error("the first tenant's token is gone");
    return [
      shown("text of a token", tokenBytes, "B"),
      judged("heap of a cached tenant", perTenant, "B", { atMost: 1.3 * tokenBytes + 1024 }),
      shown("of which not the token", perTenant - tokenBytes, "B"),
    ];
  },
};

/** Every token has a text of its own, or they would share memory. */
function differentTokens(): Transport {
  let count = 0;
  return {
    send: async () => {
      count += 1;
      const accessToken = `${count}.`.padEnd(tokenBytes, "x");
      const body = Buffer.from(
        JSON.stringify({ token_type: "Bearer", expires_in: 3599, access_token: accessToken }),
      );
      const text = body.toString();
      return { status: 200, headers: {}, body, text: () => text, json: () => JSON.parse(text) };
    },
    close: () => undefined,
  };
}
