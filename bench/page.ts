import { type Bench, environmentOf, firstAnswer, inRounds, type Measure } from "./harness/bench.ts";
import type { Finding } from "./harness/finding.ts";
import { buildImage, startImage } from "./harness/image.ts";
import type { Server } from "./harness/server.ts";

const ENCODINGS = ["br", "gzip"] as const;

/** What a browser loads at once: the style sheet, the icon, and the script or its modules. */
const LOADED = /<(?:script|link rel="(?:stylesheet|icon|modulepreload)")[^>]*"(assets\/[^"]+)"/g;

/** What the script asks for when it starts. */
const FETCHED = ["/history?hours=24&bucket=15m", "/track-record"];

/** How many bytes the first visit of the page, served by the bundle, takes on the wire, headers included. */
export const pageWeight: Measure = { name: "page", measure };

async function measure(bench: Bench): Promise<Finding[]> {
  await buildImage();
  await using service = await startImage(environmentOf(bench, bench.store.newPrefix()));
  await firstAnswer(`${service.url}/is-bitcoin-lit`);
  const page = await firstAnswer(`${service.url}/`);
  const assets = Array.from(page.matchAll(LOADED), ([, path = ""]) => `/${path}`);
  if (assets.length < 3) throw new Error(`The page must load 3 assets, loads ${assets.length}`);
  const paths = ["/", ...assets, ...FETCHED];
  const findings: Finding[] = [];
  for (const encoding of ENCODINGS) {
    const values = await inRounds(1, () => weigh(service, paths, encoding));
    const what = `first load of the page on the wire, ${encoding}, headers included`;
    findings.push({ what, values, unit: "KB", budget: { atMost: 30 } });
  }
  return findings;
}

/** The bytes of all answers together, in KB. */
async function weigh({ url }: Server, paths: readonly string[], encoding: string): Promise<number> {
  const sizes = await Promise.all(paths.map((path) => countBytes(`${url}${path}`, encoding)));
  return sizes.reduce((sum, size) => sum + size, 0) / 1_000;
}

/** Counts what arrives on a connection of its own: `fetch` hides what it decompressed. */
async function countBytes(url: string, encoding: string): Promise<number> {
  const { hostname, port, host, pathname, search } = new URL(url);
  using connection = await Deno.connect({ hostname, port: Number(port) });
  const head = `GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n`;
  const request = new TextEncoder().encode(`${head}Accept-Encoding: ${encoding}\r\n\r\n`);
  await connection.write(request);
  let count = 0;
  let start = "";
  for await (const chunk of connection.readable) {
    if (count === 0) start = new TextDecoder().decode(chunk.subarray(0, 12));
    count += chunk.length;
  }
  if (start !== "HTTP/1.1 200") throw new Error(`${url} must answer 200, answered ${start}`);
  return count;
}
