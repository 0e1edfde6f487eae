import { createClientAssertion } from "@nightlatch/credential";
import { resolveAuthority } from "@nightlatch/oauth";
import { type CertificateOptions, certificateOptions, loadCredential } from "../../certificate-input.ts";
import { type CommandInput, type CommandResult, defineCommand } from "../../command.ts";
import { cliError } from "../../errors.ts";
import { type IdentityOptions, identityFrom, identityOptions } from "../../identity.ts";
import { filled, oneOf, wholeNumber } from "../../parse.ts";

interface Options extends CertificateOptions, IdentityOptions {
  readonly algorithm: "PS256" | "RS256";
  readonly x5c?: boolean;
  readonly kid?: string;
  readonly thumbprint: boolean;
  readonly audience?: string;
  readonly v1?: boolean;
  readonly lifetime: number;
}

export const assertionCreate = defineCommand<Options>({
  path: ["assertion", "create"],
  summary: "Sign a client assertion, to send to the token endpoint by hand",
  details:
    "PS256 with x5t#S256 is what Entra ID documents; RS256 with x5t is what older recipes and ADFS use. The assertion is a credential while it lives: treat what is printed as a secret.",
  options: [
    {
      flags: "--algorithm <name>",
      description: "PS256 (with x5t#S256) or RS256 (with x5t)",
      defaultValue: "PS256",
      parse: oneOf("--algorithm", ["PS256", "RS256"]),
    },
    { flags: "--x5c", description: "put the certificate chain into the header as well" },
    {
      flags: "--kid <form>",
      description:
        "put a kid into the header: hex or base64url of the thumbprint, or any other text as it is",
      parse: filled("--kid"),
    },
    { flags: "--no-thumbprint", description: "leave x5t and x5t#S256 out: --kid or --x5c names the key" },
    { flags: "--audience <url>", description: "aud; the v2.0 token endpoint of the tenant when absent" },
    { flags: "--v1", description: "take the v1 token endpoint as aud" },
    {
      flags: "--lifetime <seconds>",
      description: "seconds until it expires",
      defaultValue: 600,
      parse: wholeNumber("--lifetime", 1, 86_400),
    },
    ...identityOptions,
    ...certificateOptions,
  ],
  examples: [
    {
      line: "nightlatch assertion create --tenant school.example --client-id 11111111-2222-4333-8444-555555555555 --certificate timetable.pem",
      says: "PS256 with x5t#S256, for ten minutes",
    },
    {
      line: "nightlatch assertion create --settings timetable.env --algorithm RS256 --kid base64url --audience https://fs.school.example/adfs/oauth2/token",
      says: "for AD FS, which knows keys by kid",
    },
    {
      line: "nightlatch assertion create --settings timetable.env --algorithm RS256 --v1",
      says: "as the recipes of 2016 want it",
    },
  ],
  run: createAssertion,
});

async function createAssertion({ context, options }: CommandInput<Options>): Promise<CommandResult> {
  const { kid } = options;
  if (!options.thumbprint && kid === undefined && options.x5c !== true)
    throw cliError("CLI_USAGE", "--no-thumbprint leaves nothing that names the key", {
      hint: "Add --kid or --x5c",
    });
  const identity = identityFrom(options, context);
  const credential = await loadCredential(options, context);
  const authority = resolveAuthority(identity);
  const audience =
    options.audience ?? (options.v1 === true ? authority.tokenEndpointV1 : authority.tokenEndpointV2);
  const clientAssertion = await createClientAssertion(credential, {
    clientId: identity.clientId,
    audience,
    algorithm: options.algorithm,
    includeChain: options.x5c === true,
    ...(options.thumbprint ? {} : { thumbprint: "none" }),
    ...(kid === undefined ? {} : { kid: kid === "hex" || kid === "base64url" ? kid : { text: kid } }),
    lifetimeSeconds: options.lifetime,
    now: context.now(),
  });
  return {
    data: {
      clientAssertion,
      clientAssertionType: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      audience,
      expiresInSeconds: options.lifetime,
    },
    text: clientAssertion,
  };
}
