/**
 * The actions on credentials, the same for applications and service principals: `addKey`, `removeKey`,
 * `addPassword`, `removePassword`.
 */
import type { Application, KeyCredential, PasswordCredential } from "../../directory/directory.ts";
import { type GraphCall, type GraphReply, isJsonObject, readJsonBody } from "../call.ts";
import { invalidProperty } from "../directory-body.ts";
import { GraphFault } from "../errors.ts";
import type { OwnedApplication } from "./application-entity.ts";
import {
  makePasswordCredential,
  readKeyCredential,
  renderKeyCredential,
  renderPasswordCredential,
} from "./key-credentials.ts";
import { requireOwnership, requireOwnKeys } from "./ownership.ts";
import { refuseProof } from "./proof.ts";

/** An object with credentials. */
export type CredentialHolder = Pick<Application, "id" | "appId"> &
  Pick<OwnedApplication, "owners"> & {
    keyCredentials: KeyCredential[];
    passwordCredentials: PasswordCredential[];
  };

/**
 * Adds a certificate, on proof that the caller holds one that is already registered.
 *
 * @param call - the request
 * @param holder - changed in place
 * @returns 200 with the keyCredential
 * @throws {GraphFault} Authentication_MissingOrMalformed when the proof does not hold
 */
export function addKey(call: GraphCall, holder: CredentialHolder): GraphReply {
  requireOwnKeys(call, holder);
  const body = readJsonBody(call);
  checkProof(call, holder, body["proof"]);
  const { keyCredential } = body;
  if (!isJsonObject(keyCredential)) throw invalidProperty("keyCredential", "Application");
  const credential = readKeyCredential(keyCredential);
  holder.keyCredentials = [...holder.keyCredentials, credential];
  return {
    status: 200,
    body: {
      "@odata.context": `${call.serviceRoot}/$metadata#microsoft.graph.keyCredential`,
      ...renderKeyCredential(credential, false),
    },
  };
}

/**
 * Removes a certificate, on proof.
 *
 * @param call - the request
 * @param holder - changed in place
 * @returns 204
 * @throws {GraphFault} Authentication_MissingOrMalformed when the proof does not hold
 */
export function removeKey(call: GraphCall, holder: CredentialHolder): GraphReply {
  requireOwnKeys(call, holder);
  const body = readJsonBody(call);
  checkProof(call, holder, body["proof"]);
  const left = withoutKey(holder.keyCredentials, body["keyId"]);
  holder.keyCredentials = left;
  return { status: 204 };
}

/**
 * Adds a secret.
 *
 * @param call - the request
 * @param holder - changed in place
 * @returns 200 with the passwordCredential and, this once, its text
 */
export function addPassword(call: GraphCall, holder: CredentialHolder): GraphReply {
  requireOwnership(call, holder);
  const { passwordCredential } = readJsonBody(call, { mayBeEmpty: true });
  const made = makePasswordCredential(
    isJsonObject(passwordCredential) ? passwordCredential : {},
    call.context.clock.nowMs(),
  );
  holder.passwordCredentials = [...holder.passwordCredentials, made.credential];
  return {
    status: 200,
    body: {
      "@odata.context": `${call.serviceRoot}/$metadata#microsoft.graph.passwordCredential`,
      ...renderPasswordCredential(made.credential),
      secretText: made.secretText,
    },
  };
}

/**
 * Removes a secret.
 *
 * @param call - the request
 * @param holder - changed in place
 * @returns 204
 */
export function removePassword(call: GraphCall, holder: CredentialHolder): GraphReply {
  requireOwnership(call, holder);
  const left = withoutKey(holder.passwordCredentials, readJsonBody(call)["keyId"]);
  holder.passwordCredentials = left;
  return { status: 204 };
}

/** The caller learns only that the proof failed; why stands in the emulator's notes. */
function checkProof(call: GraphCall, holder: CredentialHolder, proof: unknown): void {
  const reason = refuseProof(proof, holder, call.context.clock.nowMs());
  if (reason === undefined) return;
  call.context.note(`proof refused for ${holder.id}: ${reason}`);
  throw new GraphFault("Authentication_MissingOrMalformed");
}

function withoutKey<C extends { readonly keyId: string }>(credentials: readonly C[], keyId: unknown): C[] {
  const wanted = typeof keyId === "string" ? keyId.toLowerCase() : undefined;
  const left = credentials.filter((credential) => credential.keyId.toLowerCase() !== wanted);
  if (left.length === credentials.length)
    throw new GraphFault("Request_BadRequest", "No credentials found to be removed.");
  return left;
}
