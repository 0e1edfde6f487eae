/** The sample school that is there when no seed file is given. */
import type { Seed } from "./seed.ts";

/** Tenant id of the sample school. */
export const DEFAULT_TENANT_ID = "5c001000-0000-4000-8000-000000000000";

const DOMAIN = "school.example";
const PASSWORD = "Timetable-2026";

const id = (kind: string, number: number): string =>
  `5c001000-${kind}-4000-8000-${String(number).padStart(12, "0")}`;

const room = (
  number: number,
  name: string,
  displayName: string,
  capacity: number,
): Record<string, unknown> => ({
  id: id("0001", number),
  userPrincipalName: `${name}@${DOMAIN}`,
  displayName,
  timeZone: "Europe/London",
  mailbox: true,
  place: { capacity, building: "Main building" },
});

const yearGroup = (year: number): Record<string, unknown> => ({
  id: id("0002", year),
  userPrincipalName: `year-${year}@${DOMAIN}`,
  displayName: `Year ${year} timetable`,
  timeZone: "Europe/London",
  mailbox: true,
});

const ROOMS: readonly (readonly [string, string, number])[] = [
  ["room-1", "Room 1", 30],
  ["room-2", "Room 2", 30],
  ["room-12", "Room 12", 32],
  ["hall", "Hall", 400],
  ["science-lab", "Science laboratory", 24],
  ["library", "Library", 60],
];

const YEARS = [7, 8, 9, 10, 11];

/** A school with rooms, year groups and an administrator; fixed GUIDs, no applications. */
export const DEFAULT_SEED: Seed = {
  tenants: [
    {
      tenantId: DEFAULT_TENANT_ID,
      displayName: "Example School",
      domains: [DOMAIN, "exampleschool.onmicrosoft.com"],
      users: [
        {
          id: id("0000", 1),
          userPrincipalName: `admin@${DOMAIN}`,
          displayName: "Administrator",
          password: PASSWORD,
          timeZone: "Europe/London",
          mailbox: true,
          roles: ["Global Administrator"],
        },
        {
          id: id("0000", 2),
          userPrincipalName: `office@${DOMAIN}`,
          displayName: "School office",
          password: PASSWORD,
          timeZone: "Europe/London",
          mailbox: true,
        },
        ...ROOMS.map(([name, displayName, capacity], index) => room(index + 1, name, displayName, capacity)),
        ...YEARS.map(yearGroup),
      ],
      groups: YEARS.map((year) => ({
        id: id("0003", year),
        displayName: `Year ${year}`,
        mailNickname: `year${year}`,
        groupTypes: ["Unified"],
        owners: [`office@${DOMAIN}`],
        members: [`year-${year}@${DOMAIN}`],
      })),
    },
  ],
};
