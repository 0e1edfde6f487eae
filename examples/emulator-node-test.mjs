// The same with node:test, and with nothing but node:https as the client.
import assert from "node:assert/strict";
import { request } from "node:https";
import { after, before, test } from "node:test";
import { startEmulator } from "@nightlatch/emulator";

let emulator;
before(async () => {
  emulator = await startEmulator();
});
after(() => emulator.close());

test("an unknown application is told so by number", async () => {
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: "33333333-0000-4000-8000-000000000000",
    client_secret: "x",
    scope: "https://graph.microsoft.com/.default",
  });
  const { status, body } = await post(
    `${emulator.authority}/${emulator.tenantId}/oauth2/v2.0/token`,
    form.toString(),
  );
  assert.equal(status, 400);
  assert.deepEqual(JSON.parse(body).error_codes, [700016]);
});

function post(url, body) {
  return new Promise((resolve, reject) => {
    const headers = { "Content-Type": "application/x-www-form-urlencoded" };
    request(url, { method: "POST", ca: emulator.caPem, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part) => {
        text += part;
      });
      response.on("end", () => resolve({ status: response.statusCode, body: text }));
    })
      .on("error", reject)
      .end(body);
  });
}
