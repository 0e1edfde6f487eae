/** All commands, and the one line that each noun says about itself. */
import type { Command } from "../command.ts";

export const nouns: Readonly<Record<string, string>> = {};

export const commands: readonly Command[] = [];
