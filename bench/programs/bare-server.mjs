/** A bare `node:https` server: `bare-server.mjs CERTIFICATE_FILE KEY_FILE`; prints its origin when it listens. */
import { readFileSync } from "node:fs";
import { createServer } from "node:https";

const [certificatePath, keyPath] = process.argv.slice(2);
const server = createServer(
  { cert: readFileSync(certificatePath), key: readFileSync(keyPath) },
  (_, response) => response.end("{}"),
);
server.listen(0, "127.0.0.1", () => console.log(`https://localhost:${server.address().port}`));
