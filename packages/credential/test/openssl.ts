/** The outside judge of this package: the openssl program. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Whether a program can be run; when not, says so once, and fails where everything is expected to be there. */
export function programIsThere(program: string, versionArgument: string, why: string): boolean {
  const there = spawnSync(program, [versionArgument], { stdio: "ignore" }).error === undefined;
  if (!there && process.env["CI"] !== undefined) throw new Error(`${program} is missing: ${why}`);
  if (!there) console.warn(`skipped: ${program} is not installed, so ${why}`);
  return there;
}

export const opensslIsThere = programIsThere("openssl", "version", "nothing can be compared with it");

/** A folder of files that openssl reads and writes. */
export class Workshop {
  readonly folder = mkdtempSync(join(tmpdir(), "nightlatch-credential-"));

  at(name: string): string {
    return join(this.folder, name);
  }

  bytes(name: string): Buffer {
    return readFileSync(this.at(name));
  }

  text(name: string): string {
    return readFileSync(this.at(name), "utf8");
  }

  write(name: string, data: string | Uint8Array): string {
    writeFileSync(this.at(name), data);
    return this.at(name);
  }

  /** Runs `openssl` in the folder and returns what it prints. */
  openssl(...args: string[]): string {
    return execFileSync("openssl", args, {
      cwd: this.folder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
