import * as z from "zod";
import { eventually } from "../helpers/eventually.ts";
import { freePort } from "../../dev/free_port.ts";

const QUERY_ANSWER = z.object({
  status: z.string(),
  error: z.string().optional(),
  data: z.object({ result: z.array(z.unknown()) }).optional(),
});

/** A Prometheus on loopback that scrapes one service. */
export interface Prometheus extends AsyncDisposable {
  /**
   * Evaluates an expression; returns its series.
   *
   * @throws {Error} if Prometheus refuses the expression
   */
  query(expression: string): Promise<readonly unknown[]>;
}

/** Runs promtool, with `input` as its standard input. */
export async function runPromtool(
  args: readonly string[],
  input = "",
): Promise<{ success: boolean; output: string }> {
  const child = new Deno.Command("promtool", {
    args: [...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const [{ success, stdout, stderr }] = await Promise.all([
    child.output(),
    new Blob([input]).stream().pipeTo(child.stdin),
  ]);
  const decoder = new TextDecoder();
  return { success, output: decoder.decode(stdout) + decoder.decode(stderr) };
}

/**
 * Starts Prometheus and waits until it has scraped `target` (`host:port`) three times, as rates need.
 * That takes 5 s, which is how long Prometheus collects targets before it scrapes the first.
 */
export async function startPrometheus(target: string): Promise<Prometheus> {
  const directory = await Deno.makeTempDir({ prefix: "is-bitcoin-lit-prometheus-" });
  await Deno.writeTextFile(`${directory}/prometheus.yml`, describeScrape(target));
  const port = freePort();
  const args = [
    `--config.file=${directory}/prometheus.yml`,
    `--storage.tsdb.path=${directory}/data`,
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  const child = new Deno.Command("prometheus", { args, stdout: "null", stderr: "null" }).spawn();

  async function query(expression: string): Promise<readonly unknown[]> {
    const url = `http://127.0.0.1:${port}/api/v1/query?${new URLSearchParams({
      query: expression,
    })}`;
    const answer = QUERY_ANSWER.parse(await (await fetch(url)).json());
    if (answer.status !== "success") throw new Error(`${answer.error}: ${expression}`);
    return answer.data?.result ?? [];
  }
  await eventually(async () =>
    (await query('count_over_time(up{job="is-bitcoin-lit"}[1m]) > 2')).length > 0
  );
  return {
    query,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.status;
      await Deno.remove(directory, { recursive: true });
    },
  };
}

// JSON is YAML.
function describeScrape(target: string): string {
  return JSON.stringify({
    global: { scrape_interval: "200ms", scrape_timeout: "200ms" },
    scrape_configs: [{ job_name: "is-bitcoin-lit", static_configs: [{ targets: [target] }] }],
  });
}
