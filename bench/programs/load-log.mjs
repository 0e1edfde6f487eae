/**
 * Preloaded by `node --import`: when the program ends, prints every file that was loaded, one JSON array. The loader's
 * hooks see ES modules, `require.cache` sees the others.
 */
import { createRequire, register } from "node:module";
import { MessageChannel, receiveMessageOnPort } from "node:worker_threads";

const hooks = `
let port;
export function initialize(given) { port = given; }
export async function load(url, context, nextLoad) { port.postMessage(url); return nextLoad(url, context); }
`;
const { port1, port2 } = new MessageChannel();
register(`data:text/javascript,${encodeURIComponent(hooks)}`, { data: port2, transferList: [port2] });
port1.unref();

process.on("exit", () => {
  const loaded = [];
  for (let next = receiveMessageOnPort(port1); next !== undefined; next = receiveMessageOnPort(port1))
    loaded.push(next.message);
  loaded.push(...Object.keys(createRequire(import.meta.url).cache));
  process.stdout.write(JSON.stringify(loaded));
});
