/** JSON that holds a credential: a JWK, a JWK set, a secret of Key Vault or Kubernetes, a Key Vault certificate. */
import { loadRefusal } from "../refusal.ts";
import type { InputItem } from "./input-item.ts";

/**
 * Takes apart a JSON input.
 *
 * @param texts - readings of the input, as given and with quotation marks and escapes taken off; the first that is
 *   JSON counts
 * @param sourceName - file name for messages
 * @param recognise - takes apart the text of a value inside
 * @returns what the JSON holds
 * @throws {@link NightlatchError} `CREDENTIAL_INPUT_IS_JSON`, and what `recognise` throws
 */
export function itemsOfJson(
  texts: readonly string[],
  sourceName: string,
  recognise: (inside: string, name: string) => readonly InputItem[],
): readonly InputItem[] {
  const value = texts.map(parse).find((parsed) => parsed !== undefined);
  if (value === undefined)
    throw loadRefusal(
      "CREDENTIAL_INPUT_IS_JSON",
      sourceName,
      "it begins like JSON, but cannot be read as such",
    );
  if (!isRecord(value))
    throw loadRefusal("CREDENTIAL_INPUT_IS_JSON", sourceName, "it is a JSON array, wanted a JWK or a secret");
  if (typeof value["kty"] === "string") return itemsOfJwk(value);
  const keys = value["keys"];
  if (Array.isArray(keys) && keys.every(isRecord) && keys.length > 0) return keys.flatMap(itemsOfJwk);
  if (typeof value["value"] === "string" && isKeyVaultSecret(value))
    return recognise(value["value"], `the value in ${sourceName}`);
  if (value["kind"] === "Secret" && isRecord(value["data"]))
    return itemsOfKubernetesSecret(value["data"], sourceName, recognise);
  if (typeof value["cer"] === "string") {
    const items = recognise(value["cer"], `the member cer in ${sourceName}`);
    const url = value["sid"];
    return typeof url === "string" && url.length < 512 ? [...items, { kind: "secretAddress", url }] : items;
  }
  const names = Object.keys(value)
    .slice(0, 3)
    .map((name) => `"${name.slice(0, 40)}"`);
  throw loadRefusal(
    "CREDENTIAL_INPUT_IS_JSON",
    sourceName,
    `it is JSON${names.length > 0 ? ` with ${names.join(", ")}` : ""}, not a certificate or key`,
  );
}

function itemsOfJwk(jwk: Readonly<Record<string, unknown>>): InputItem[] {
  const items: InputItem[] = [{ kind: "jwk", jwk }];
  const x5c = jwk["x5c"];
  if (!Array.isArray(x5c)) return items;
  for (const certificate of x5c)
    if (typeof certificate === "string")
      items.push({ kind: "certificate", der: Buffer.from(certificate, "base64") });
  return items;
}

/** `kubectl get secret -o json`: each value is base64; what stands beside key and certificate is left alone. */
function itemsOfKubernetesSecret(
  data: Readonly<Record<string, unknown>>,
  sourceName: string,
  recognise: (inside: string, name: string) => readonly InputItem[],
): readonly InputItem[] {
  const items = Object.entries(data).flatMap(([name, value]) =>
    typeof value === "string" && /\.(crt|cer|key|pem|pfx|p12)$/i.test(name) && value !== ""
      ? recognise(value, `${name.slice(0, 40)} in ${sourceName}`)
      : [],
  );
  if (items.length > 0) return items;
  throw loadRefusal(
    "CREDENTIAL_INPUT_IS_JSON",
    sourceName,
    "it is a Kubernetes secret without a value named .crt, .key, .pem, .pfx or .p12",
  );
}

/** As the service and `az` answer it, or as Azure's SDKs hold it, with type and id under `properties`. */
function isKeyVaultSecret(value: Readonly<Record<string, unknown>>): boolean {
  const properties = isRecord(value["properties"]) ? value["properties"] : {};
  return [value, properties].some((each) => each["contentType"] !== undefined || isSecretId(each["id"]));
}

function isSecretId(id: unknown): boolean {
  return typeof id === "string" && id.includes("/secrets/");
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, "")) as unknown;
  } catch {
    // The message of the engine quotes the input, which may be a key.
    return undefined;
  }
}
