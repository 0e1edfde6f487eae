/** Finds settings of programs (ini, properties, YAML, HCL, command lines) that cannot be right as they stand. */
import type { SettingMistakeName } from "../artifact.ts";
import { shorten } from "../secrets.ts";
import { lineOf, originOf, type Reading } from "./reading.ts";

const SAMPLE = 200_000;

/** A line `name = value`, `name: value` or `"name": "value"`. */
const TOKEN_ADDRESS =
  /^[ \t;]{0,20}["']?([\w.-]{0,80}(?:token[_-]?(?:ur[il]|endpoint)|access[_-]?token[_-]?ur[il]))["']?\s{0,5}[=:]\s{0,5}["']?(https:\/\/[^\s"',;]{5,400})/gim;

/**
 * Finds settings that are wrong, alone or beside the error that comes of them.
 *
 * @param reading - the input
 * @param source - any text
 */
export function scanForSettings(reading: Reading, source: string): void {
  const text = source.slice(0, SAMPLE);
  for (const match of text.matchAll(TOKEN_ADDRESS)) {
    if (!/\/oauth2\/(?:v2\.0\/)?authorize\b/i.test(match[2] ?? "")) continue;
    add(reading, "tokenUrlAuthorize", match[1] ?? "", match[2] ?? "", lineOf(text, match.index));
    break;
  }
  const noScheme = /(?:user ?info|OAuthLogin)[^\n]{0,160}unsupported protocol scheme/i.exec(text);
  if (noScheme !== null) {
    const isEmpty = /^[ \t;]{0,20}(api_url|userinfo_?url)\s{0,3}=\s{0,3}$/im.exec(text);
    add(reading, "userInfoMissing", isEmpty?.[1] ?? "api_url", "", lineOf(text, noScheme.index));
  }
  const noRefresh = /token expired and refresh token is not set/i.exec(text);
  if (noRefresh !== null) {
    const scopes = /^[ \t;]{0,20}["']?(scopes?)["']?\s{0,5}[=:]\s{0,5}([^\n]{1,300})/im.exec(text);
    if (scopes === null || !/offline_access/.test(scopes[2] ?? ""))
      add(reading, "refreshTokenMissing", "scopes", scopes?.[2]?.trim() ?? "", lineOf(text, noRefresh.index));
  }
  scanForVaultData(reading, text);
  const empty = /argument (--password\/-p|--username\/-u|--tenant\/-t): expected one argument/i.exec(text);
  if (empty !== null) {
    const option = empty[1] ?? "";
    const variable = new RegExp(`\\s${option.slice(-2)}\\s+["']?([%$][\\w{}]{2,60}%?)`).exec(text)?.[1];
    add(reading, "variableEmpty", option, variable ?? "", lineOf(text, empty.index));
  }
}

/** Terraform: certificate_data of a vault is hex, and the resource expects PEM unless told otherwise. */
function scanForVaultData(reading: Reading, text: string): void {
  const blocks = text.matchAll(
    /resource\s{1,5}"(azuread_(?:application|service_principal)_certificate)"\s{1,5}"[^"\n]{1,80}"\s{0,5}\{([^}]{1,2000})\}/g,
  );
  for (const block of blocks) {
    const body = block[2] ?? "";
    const value =
      /^\s{0,20}value\s{0,40}=\s{0,5}(azurerm_key_vault_certificate\.[\w.[\]]{1,80}\.certificate_data)\s*$/m.exec(
        body,
      );
    if (value === null || /^\s{0,20}encoding\s{0,40}=\s{0,5}"hex"/m.test(body)) continue;
    add(reading, "vaultDataHex", "value", value[1] ?? "", lineOf(text, block.index));
    return;
  }
}

function add(
  reading: Reading,
  mistake: SettingMistakeName,
  name: string,
  value: string,
  place: string,
): void {
  if (reading.artifacts.some((item) => item.kind === "settingMistake" && item.mistake === mistake)) return;
  reading.artifacts.push({
    kind: "settingMistake",
    origin: originOf(reading, place),
    summary: `setting ${name}${value === "" ? "" : ` = ${shorten(value, 100)}`}`,
    mistake,
    name,
    value: shorten(value, 300),
  });
}
