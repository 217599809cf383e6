import { delay } from "@std/async/delay";

const POLL_MS = 1_000;

/**
 * Waits until the process that started this one has ended. Under npx it also looks at that one's parent:
 * npx ends a shell between the two, and `deno task` lives on.
 */
export async function parentEnded(isUnderNpx: boolean): Promise<void> {
  const first = await listParents(isUnderNpx);
  while (await listParents(isUnderNpx) === first) await delay(POLL_MS);
}

async function listParents(isUnderNpx: boolean): Promise<string> {
  const parent = String(Deno.ppid);
  return isUnderNpx ? `${parent} ${await parentOf(parent)}` : parent;
}

/** Deno reads /proc only with all permissions. */
async function parentOf(pid: string): Promise<string> {
  try {
    const { stdout } = await new Deno.Command("ps", { args: ["-o", "ppid=", "-p", pid] }).output();
    return new TextDecoder().decode(stdout).trim();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}
