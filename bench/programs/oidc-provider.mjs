/**
 * `oidc-provider` over HTTPS with one client that signs in by assertion (PS256) and gets signed tokens (RS256), kept in
 * memory as by default. Prints its token endpoint when it listens.
 */
import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { createServer } from "node:https";

// It warns on standard error about releases of Node before 22 and about its store in memory.
const write = process.stderr.write.bind(process.stderr);
process.stderr.write = (text, ...rest) =>
  /Unsupported runtime|in-memory adapter/.test(String(text)) || write(text, ...rest);
const { Provider } = await import("oidc-provider");

const { CERTIFICATE_PEM, KEY_PEM, CLIENT_ID, CLIENT_PUBLIC_KEY_PEM, SCOPE } = process.env;
const issuerKey = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });
const clientKey = createPublicKey(CLIENT_PUBLIC_KEY_PEM).export({ format: "jwk" });

const server = createServer({ cert: CERTIFICATE_PEM, key: KEY_PEM });
server.listen(0, "127.0.0.1", () => {
  const origin = `https://localhost:${server.address().port}`;
  const provider = new Provider(origin, {
    clients: [
      {
        client_id: CLIENT_ID,
        grant_types: ["client_credentials"],
        redirect_uris: [],
        response_types: [],
        token_endpoint_auth_method: "private_key_jwt",
        token_endpoint_auth_signing_alg: "PS256",
        jwks: { keys: [{ ...clientKey, use: "sig", alg: "PS256" }] },
      },
    ],
    jwks: { keys: [{ ...issuerKey, kid: "issuer", use: "sig", alg: "RS256" }] },
    scopes: [SCOPE],
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => "https://api.school.example",
        getResourceServerInfo: () => ({
          scope: SCOPE,
          audience: "https://api.school.example",
          accessTokenTTL: 3600,
          accessTokenFormat: "jwt",
          jwt: { sign: { alg: "RS256" } },
        }),
      },
    },
  });
  server.on("request", provider.callback());
  console.log(`${origin}/token`);
});
