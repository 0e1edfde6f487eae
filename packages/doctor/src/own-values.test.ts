import { describe, expect, test } from "vitest";
import { explain } from "./index.ts";

const CLIENT = "2f877daa-b6f5-42a3-8430-acf238b234e1";
const OTHER = "5c1d2e3f-0000-4c55-9a1e-6a1de0a1b00a";
const ROOM = "room-12@school.example";

async function commandsOf(content: string): Promise<string> {
  const { findings } = await explain([{ content }]);
  return findings.flatMap(({ remedy }) => [remedy.text, ...(remedy.commands ?? [])]).join("\n");
}

describe("fillOwnValues()", () => {
  test("puts the client id and the mailbox of the text into the commands", async () => {
    const commands = await commandsOf(
      `-AppId ${CLIENT}\nGET https://graph.microsoft.com/v1.0/users/${ROOM}/events\n{"error":{"code":"ErrorAccessDenied","message":"Access to OData is disabled."}}`,
    );
    expect(commands).toContain(`-AppId ${CLIENT} -Identity ${ROOM}`);
  });

  test("leaves the place empty when the text has two values of the kind", async () => {
    const commands = await commandsOf(
      `client_id=${CLIENT} client_id=${OTHER} Access to OData is disabled ErrorAccessDenied`,
    );
    expect(commands).toContain("<client id>");
  });

  test("takes no value that was made unreadable", async () => {
    const commands = await commandsOf(
      "client_id=xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx\nErrorAccessDenied: Access to OData is disabled",
    );
    expect(commands).toContain("<client id>");
  });
});
