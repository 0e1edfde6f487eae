import { describe, expect, it } from "vitest";
import { recordedTransport, type Scripted } from "../../test/recorded-transport.ts";
import { createGraphDirectory, type DirectoryUser, type GraphDirectory } from "./groups.ts";

const YEAR_7 = "11111111-1111-4111-8111-111111111111";
const INNER = "22222222-2222-4222-8222-222222222222";

function user(name: string): object {
  return {
    "@odata.type": "#microsoft.graph.user",
    id: `id-${name}`,
    displayName: name,
    userPrincipalName: `${name}@school.example`,
    mail: name === "room-13" ? null : `${name}@school.example`,
  };
}

/** A directory with a group in a group that contains the first again, over two pages. */
const PAGES: Readonly<Record<string, Scripted>> = {
  [`/v1.0/groups/${YEAR_7}/members`]: {
    status: 200,
    body: {
      value: [user("room-12"), { "@odata.type": "#microsoft.graph.group", id: INNER }],
      "@odata.nextLink": "https://graph.microsoft.com/v1.0/page2",
    },
  },
  "/v1.0/page2": {
    status: 200,
    body: { value: [user("room-13"), { "@odata.type": "#microsoft.graph.device", id: "id-device" }] },
  },
  [`/v1.0/groups/${INNER}/members`]: {
    status: 200,
    body: {
      value: [user("room-12"), user("room-14"), { "@odata.type": "#microsoft.graph.group", id: YEAR_7 }],
    },
  },
};

function make(script: Parameters<typeof recordedTransport>[0]) {
  const transport = recordedTransport(script);
  const directory = createGraphDirectory({
    tokens: { getToken: async () => ({ token: "t", expiresOnTimestamp: 0 }) },
    transport,
    retry: { maxAttempts: 1 },
  });
  return { directory, transport };
}

function serve(): ReturnType<typeof make> {
  return make(({ url }) => {
    const { pathname, searchParams } = new URL(url);
    if (pathname === "/v1.0/groups") {
      const isKnown = ["mail eq 'year7@school.example'", "mailNickname eq 'year7'"].includes(
        searchParams.get("$filter") ?? "",
      );
      return { status: 200, body: { value: isKnown ? [{ id: YEAR_7 }] : [] } };
    }
    return PAGES[pathname] ?? { status: 404, body: { error: { code: "Request_ResourceNotFound" } } };
  });
}

async function membersOf(directory: GraphDirectory, group: string, transitive?: boolean): Promise<string[]> {
  const members: DirectoryUser[] = [];
  for await (const member of directory.listGroupMembers(group, { transitive })) members.push(member);
  return members.map(({ displayName }) => displayName);
}

describe("listGroupMembers()", () => {
  it("gives the users of the group and of groups in it, each once, all pages", async () => {
    expect(await membersOf(serve().directory, YEAR_7)).toEqual(["room-12", "room-13", "room-14"]);
  });

  it("leaves groups in the group alone when asked to", async () => {
    expect(await membersOf(serve().directory, YEAR_7, false)).toEqual(["room-12", "room-13"]);
  });

  it("finds the group by address or mail nickname", async () => {
    expect(await membersOf(serve().directory, "year7@school.example", false)).toHaveLength(2);
    expect(await membersOf(serve().directory, "year7", false)).toHaveLength(2);
  });

  it("says when there is no such group", async () => {
    const missing = { code: "CALENDAR_GROUP_NOT_FOUND" };
    await expect(membersOf(serve().directory, "year8@school.example")).rejects.toMatchObject(missing);
    const { directory } = serve();
    await expect(membersOf(directory, "33333333-3333-4333-8333-333333333333")).rejects.toMatchObject(missing);
  });

  it("ends with an error when a page fails, never with fewer members", async () => {
    const { directory } = make((_, index) =>
      index === 0 ? (PAGES[`/v1.0/groups/${YEAR_7}/members`] as Scripted) : { status: 503 },
    );
    await expect(membersOf(directory, YEAR_7)).rejects.toMatchObject({ code: "CALENDAR_UNAVAILABLE" });
  });
});

describe("getUser()", () => {
  it("gives a user, without address when there is no mailbox", async () => {
    const { directory, transport } = make([
      { status: 200, body: user("room-12") },
      { status: 200, body: user("room-13") },
    ]);
    expect(await directory.getUser("room-12@school.example")).toEqual({
      id: "id-room-12",
      displayName: "room-12",
      userPrincipalName: "room-12@school.example",
      mailboxAddress: "room-12@school.example",
    });
    expect(await directory.getUser("room-13@school.example")).not.toHaveProperty("mailboxAddress");
    expect(transport.requests[0]?.url).toContain("/users/room-12%40school.example?$select=");
  });

  it("says when there is no such user", async () => {
    const { directory } = make(() => ({
      status: 404,
      body: { error: { code: "Request_ResourceNotFound" } },
    }));
    await expect(directory.getUser("nobody@school.example")).rejects.toMatchObject({
      code: "CALENDAR_MAILBOX_NOT_FOUND",
    });
  });
});

describe("listUsers()", () => {
  it("gives all pages", async () => {
    const { directory } = make([
      {
        status: 200,
        body: {
          value: [user("room-12")],
          "@odata.nextLink": "https://graph.microsoft.com/v1.0/users?$skiptoken=x",
        },
      },
      { status: 200, body: { value: [user("room-13")] } },
    ]);
    const names: string[] = [];
    for await (const { displayName } of directory.listUsers()) names.push(displayName);
    expect(names).toEqual(["room-12", "room-13"]);
  });
});
