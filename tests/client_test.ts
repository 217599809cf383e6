import { assertEquals } from "@std/assert";
import { hc } from "hono/client";
import type { App } from "../src/app.ts";
import { createTestApp, HISTORY, REPORT } from "./helpers/app.ts";
import { serveLocally } from "./helpers/local_server.ts";

Deno.test(
  "hc<App>() is a client that knows paths, parameters and bodies",
  { timeout: 60_000 },
  async () => {
    const { app } = createTestApp();
    await using server = serveLocally((request) => app.fetch(request));
    const client = hc<App>(server.url);

    const { lit, hourly_average_of_averages: hours } = await (await client["is-bitcoin-lit"].$get())
      .json();
    const first: number | undefined = hours[0]?.price;
    assertEquals([lit, first], [true, 34_498]);

    const history = await client.history.$get({ query: { hours: "24", bucket: "5m" } });
    assertEquals(await history.json(), HISTORY);
    const report = await client.refresh.$post();
    assertEquals((await report.json()).stored, REPORT.stored);
  },
);
