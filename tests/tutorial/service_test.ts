import { assertAlmostEquals, assertEquals } from "@std/assert";
import * as z from "zod";
import { startEmbeddedRedis } from "../../dev/redis/mod.ts";
import { HAS_RECORDED_DAY, RECORDED_DAY } from "../helpers/needs.ts";

const ROOT = new URL("../../", import.meta.url);
const PERMISSIONS = ["--allow-net", "--allow-env", "--allow-read=tutorial"];

/** The averages of the recorded day, 15:00 to 17:00. */
const RECORDED = [
  { price: 34599.076210526335, sentiment: 0.34442105263157863 },
  { price: 34570.6712371134, sentiment: 0.3524742268041235 },
  { price: 34554.14692307692, sentiment: 0.2992307692307695 },
];

const Answer = z.object({
  hourly_average_of_averages: z.array(
    z.object({ time: z.string(), price: z.number(), sentiment: z.number() }),
  ),
  price_direction: z.string(),
  sentiment_direction: z.string(),
});

interface Service extends AsyncDisposable {
  readonly url: string;
  /** Waits until the service has printed a text. */
  printed(text: string): Promise<void>;
}

async function startService(environment: Record<string, string> = {}): Promise<Service> {
  const redis = startEmbeddedRedis();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", ...PERMISSIONS, "tutorial/6_service.ts"],
    cwd: ROOT,
    env: { NO_COLOR: "1", PORT: "0", REDIS_URL: redis.url, ...environment },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stdout = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const stderr = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
  const banner = await readUntil(stderr, "/\n");
  return {
    url: /http:\S+:\d+/.exec(banner)?.[0] ?? "",
    printed: async (text) => void await readUntil(stdout, text),
    async [Symbol.asyncDispose]() {
      child.kill();
      await Promise.all([child.status, stdout.cancel(), stderr.cancel()]);
      await redis.close();
    },
  };
}

async function readUntil(
  reader: ReadableStreamDefaultReader<string>,
  text: string,
): Promise<string> {
  let output = "";
  while (!output.includes(text)) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`The service ended without "${text}", after "${output}"`);
    output += value;
  }
  return output;
}

Deno.test(
  "tutorial/6_service.ts has no data, then the three fields of the original, and refreshes alone",
  { timeout: 120_000 },
  async () => {
    await using service = await startService();
    const answerUrl = `${service.url}/is-bitcoin-lit`;
    const early = await fetch(answerUrl);
    assertEquals(early.status, 503);
    assertEquals(await early.json(), { error: "no data yet: POST /refresh first" });

    const refreshed = await fetch(`${service.url}/refresh`, { method: "POST" });
    assertEquals([refreshed.status, await refreshed.json()], [200, { rows: 288 }]);
    const answer = await fetch(answerUrl);
    assertEquals(answer.status, 200);
    assertEquals(Object.keys(Answer.parse(await answer.json())), Object.keys(Answer.shape));
    await service.printed("scheduled refresh: 288 rows");
  },
);

Deno.test({
  name: "tutorial/6_service.ts gives the averages of the recorded day",
  ignore: !HAS_RECORDED_DAY,
  timeout: 60_000,
  async fn() {
    const day = await Deno.readFile(RECORDED_DAY);
    await using feed = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      () => new Response(day),
    );
    const feedUrl = `http://127.0.0.1:${feed.addr.port}/v1/bitcoin.json`;
    await using service = await startService({ SENTIMENT_API_URL: feedUrl });
    const refreshed = await fetch(`${service.url}/refresh`, { method: "POST" });
    assertEquals(await refreshed.json(), { rows: 2474 });
    const answer = await fetch(`${service.url}/is-bitcoin-lit`);
    const { hourly_average_of_averages, ...directions } = Answer.parse(await answer.json());
    assertEquals(directions, { price_direction: "falling", sentiment_direction: "falling" });
    assertEquals(hourly_average_of_averages.length, RECORDED.length);
    RECORDED.forEach(({ price, sentiment }, i) => {
      assertAlmostEquals(hourly_average_of_averages[i]?.price ?? NaN, price, price * 1e-9);
      assertAlmostEquals(hourly_average_of_averages[i]?.sentiment ?? NaN, sentiment, 1e-9);
    });
  },
});
