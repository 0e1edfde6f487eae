/** Settings of programs that cannot be right as they stand. */
import type { SettingMistake, SettingMistakeName } from "../artifact.ts";
import type { Finding } from "../finding.ts";
import { createFinding } from "../finding-table.ts";
import { allOf, type CaseFile } from "./case-file.ts";

/**
 * Explains settings.
 *
 * @param file - the case file
 * @returns findings with the line to write instead
 */
export function checkSettings(file: CaseFile): Finding[] {
  return allOf(file, "settingMistake").map((item) => BY_NAME[item.mistake](item));
}

const BY_NAME: Readonly<Record<SettingMistakeName, (item: SettingMistake) => Finding>> = {
  tokenUrlAuthorize: ({ name, value }) =>
    createFinding("REQUEST_AUTHORIZE_ENDPOINT", {
      explanation: `${name} is ${value}: the page where users sign in. It answers a request for a token with HTML, and the program fails over the first "<".`,
      evidence: { setting: name, value },
      remedy: {
        text: "Write the token endpoint.",
        snippet: `${name} = ${value.replace(/\/authorize\b/i, "/token")}`,
      },
    }),
  userInfoMissing: ({ name }) =>
    createFinding("CONFIGURATION_INCOMPLETE", {
      explanation: `${name} is empty: after the sign-in the program asks for the user's data, and has no address to ask.`,
      evidence: { setting: name },
      remedy: {
        text: "Write the address of userinfo, and add the scopes that it needs.",
        snippet: `${name} = https://graph.microsoft.com/oidc/userinfo\nscopes = openid email profile`,
      },
    }),
  refreshTokenMissing: ({ name, value }) =>
    createFinding("CONFIGURATION_INCOMPLETE", {
      explanation: `The access token ran out and there is no refresh token to get another: Entra gives one only when offline_access is among the scopes${value === "" ? "" : ` (they are ${value})`}.`,
      evidence: { setting: name, value },
      remedy: {
        text: "Add offline_access, and sign in anew.",
        snippet: `${name} = ${value === "" ? "openid email profile" : value} offline_access`,
      },
    }),
  vaultDataHex: ({ value }) =>
    createFinding("CONFIGURATION_MALFORMED", {
      explanation: `${value} is the certificate in hexadecimal digits; without encoding the resource takes its value for PEM.`,
      evidence: { value },
      remedy: { text: "Say that it is hex, or take the base64 form.", snippet: 'encoding = "hex"' },
    }),
  variableEmpty: ({ name, value }) =>
    createFinding("CONFIGURATION_INCOMPLETE", {
      explanation: `${value === "" ? `What is to stand after ${name}` : value} is empty where the command runs, so ${name} got no value. A credential of another kind (a certificate) fills other variables than one with a secret.`,
      evidence: { option: name, variable: value },
      remedy: {
        text: "Print the names of the variables that are set; for a certificate give the path of the PEM with key and certificate.",
        commands: [
          "env | grep ^AZURE_ | cut -d= -f1",
          "az login --service-principal -u <client id> --certificate both.pem -t <tenant id>",
        ],
      },
    }),
};
