import { delay } from "@std/async/delay";

const POLL_MS = 1_000;

/** `deno task`, the shell of npx, and npx: either of the last two may end alone. */
const NPX_LEVELS = 3;

/**
 * Waits until the process that started this one has ended; under npx also those before it, because
 * `deno task` outlives them.
 */
export async function parentEnded(isUnderNpx: boolean): Promise<void> {
  const first = await listParents(isUnderNpx);
  while (await listParents(isUnderNpx) === first) await delay(POLL_MS);
}

async function listParents(isUnderNpx: boolean): Promise<string> {
  const parents = [String(Deno.ppid)];
  const parentOf = isUnderNpx ? await readProcesses() : new Map<string, string>();
  while (parents.length < NPX_LEVELS) parents.push(parentOf.get(parents.at(-1) ?? "") ?? "");
  return parents.join(" ");
}

/** The parent of each process by its id; empty without ps. Deno reads /proc only with all permissions. */
async function readProcesses(): Promise<Map<string, string>> {
  try {
    const { stdout } = await new Deno.Command("ps", { args: ["-A", "-o", "pid=,ppid="] }).output();
    const rows = new TextDecoder().decode(stdout).matchAll(/(\d+) +(\d+)/g);
    return new Map([...rows].map(([, pid = "", parent = ""]) => [pid, parent]));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return new Map();
    throw error;
  }
}
