// The same with Jest, which runs ES modules when Node is told so:
//   NODE_OPTIONS=--experimental-vm-modules npx jest --rootDir examples --testMatch '**/emulator-jest.mjs' --transform '{}'
import { startEmulator } from "@nightlatch/emulator";
import {
  createConfidentialClient,
  createTransport,
  requestTokenByClientCredentials,
} from "@nightlatch/oauth";

const clientId = "22222222-0000-4000-8000-000000000000";
const clientSecret = "only~for~tests";
let emulator;
let transport;

beforeAll(async () => {
  emulator = await startEmulator({
    seed: {
      tenants: [
        {
          tenantId: "11111111-0000-4000-8000-000000000000",
          displayName: "School",
          domains: ["school.example"],
          applications: [
            {
              manifest: { appId: clientId, displayName: "Timetable", requiredResourceAccess: [] },
              secrets: [{ secretText: clientSecret, endDateTime: "2027-06-01T00:00:00Z" }],
            },
          ],
        },
      ],
    },
  });
  transport = createTransport({ ca: emulator.caPem, proxy: false });
});
afterAll(async () => {
  transport.close();
  await emulator.close();
});

test("a program is served again after the service was busy", async () => {
  emulator.faults.add({ endpoint: "token", kind: "status", status: 503, times: 1 });
  const client = createConfidentialClient({
    tenantId: emulator.tenantId,
    clientId,
    clientSecret,
    authorityHost: emulator.authority,
    transport,
  });
  const { accessToken } = await requestTokenByClientCredentials(client, {
    scope: "https://graph.microsoft.com/.default",
  });
  expect(accessToken.split(".")).toHaveLength(3);
  expect(emulator.requests().map(({ status }) => status)).toEqual([503, 200]);
});
