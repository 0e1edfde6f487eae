export { runCli, type Surroundings } from "./program.ts";
export type { IoStreams } from "./io-streams.ts";
