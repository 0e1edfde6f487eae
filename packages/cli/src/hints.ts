/** Hints of the floors below, in the words of the command line. */

/** Options by the name that the libraries give them. */
const flags: Readonly<Record<string, string>> = {
  encoding: "--encoding",
  ianaZone: "--zone",
  mailbox: "--mailbox",
  dateOrder: "--date-order",
};

const byCode: Readonly<Record<string, string>> = {
  CALENDAR_IS_A_GROUP: "Pass --expand-groups to write into its members' own calendars",
  CREDENTIAL_PASSPHRASE_MISSING: "Pass --passphrase-file FILE, or set AZURE_CLIENT_CERTIFICATE_PASSWORD",
  OAUTH_NETWORK_TLS_UNTRUSTED:
    "Pass --ca FILE with the certificate of the authority that the server or a proxy has of its own, or set NODE_EXTRA_CA_CERTS",
  SYNC_TOO_MANY_DELETES:
    "Check the timetable; if the deletions are meant, pass --allow-deletes, or a higher --max-deletes",
};

/**
 * Gives the hint that fits the command line.
 *
 * @param code - of the error
 * @param hint - of the error
 * @returns the next act, one imperative sentence
 */
export function hintFor(code: string, hint: string): string {
  const own = byCode[code] ?? hint;
  return own.replaceAll(/the option "(\w+)"/g, (whole, name: string) => flags[name] ?? whole);
}
