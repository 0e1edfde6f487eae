/** Directories for files of a test, gone when its test file is done. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

let root: string | undefined;

/** Makes an empty directory. */
export function temporaryDirectory(name: string): string {
  root ??= mkdtempSync(join(tmpdir(), "nightlatch-test-"));
  return mkdtempSync(join(root, `${name}-`));
}

// Programs that borrow the helpers of this folder have no hooks.
if (process.env["VITEST"] !== undefined)
  afterAll(() => {
    if (root !== undefined) rmSync(root, { recursive: true, force: true });
  });
