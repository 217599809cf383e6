import { startEmbeddedRedis } from "./redis/mod.ts";
import { serveSimulatedSentiCrypt } from "./senticrypt.ts";

// Whatever the environment does not name is embedded or simulated; the service itself runs unchanged.
const parts: string[] = [];

if (!Deno.env.get("REDIS_URL")) {
  const { url } = startEmbeddedRedis();
  Deno.env.set("REDIS_URL", url);
  parts.push(`embedded Redis (${url}, in memory)`);
}
if (Deno.env.get("FEED") === "live") {
  const sources = [Deno.env.get("KRAKEN_URL") || "Kraken", Deno.env.get("OKX_URL") || "OKX"];
  parts.push(`live feed (${sources.join(", ")})`);
} else if (!Deno.env.get("SENTIMENT_API_URL")) {
  const { url } = serveSimulatedSentiCrypt();
  Deno.env.set("SENTIMENT_API_URL", url);
  parts.push(`simulated SentiCrypt feed (${url})`);
}
console.log(`Is Bitcoin Lit, development: ${parts.join(", ") || "nothing embedded or simulated"}`);

await import("../main.ts");
