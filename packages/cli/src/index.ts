export type { IoStreams } from "./io-streams.ts";
export { runCli, type Surroundings } from "./program.ts";
