/// <reference lib="dom" />
import { assertEquals } from "@std/assert";
import { shareBrowser, type Visit } from "../helpers/browser.ts";
import { eventually } from "../helpers/eventually.ts";
import { serveScript, withContent } from "./scripted_service.ts";
import { UNLIT, viewIn } from "./views.ts";

const browserTest = shareBrowser();

/** How much faster than a reader's the timers of a page run that has to wait. */
const SPEED = 50;

const ASK_MS = 60_000;
const RETRY_MS = 5_000;
const SILENCE_MS = 40_000;

/** Writes down what the page waits for; its random numbers are all one half. */
function recordWaits(): void {
  const { setTimeout: startTimer } = globalThis;
  const waits: number[] = [];
  Object.assign(globalThis, {
    waits,
    setTimeout: (run: TimerHandler, ms = 0) => {
      waits.push(ms);
      return startTimer(run, ms);
    },
  });
  Math.random = () => 0.5;
}

/** The waits of a page in milliseconds, in their order, without some. */
async function readWaits({ page }: Visit, { speed = 1, except = [] as number[] } = {}) {
  const waits = await page.evaluate(() => Reflect.get(globalThis, "waits") as number[]);
  return waits.map((ms) => Math.round(ms * speed)).filter((ms) => !except.includes(ms));
}

/** Makes the page do what it does when its tab is hidden or shown. */
async function setVisibility({ page }: Visit, value: "hidden" | "visible"): Promise<void> {
  await page.evaluate((value) => {
    Object.defineProperty(document, "visibilityState", { value, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, value);
}

browserTest(
  "the page opens a refused stream anew, after pauses from 1 s to 30 s, less up to a half",
  async (browser) => {
    await using service = serveScript(viewIn("lit"));
    const { routes } = service;
    const open = routes.get("/events") ?? (() => new Response());
    const refuse = () => new Response(null, { status: 502 });
    routes.set("/events", refuse);
    await using visit = await browser.visit(service.url, { before: recordWaits, speed: SPEED });
    // On a busy machine a request takes longer than its limit, which is as fast as the timers.
    const others = [ASK_MS, RETRY_MS, SILENCE_MS];
    const readPauses = () => readWaits(visit, { speed: SPEED, except: others });
    await eventually(async () => (await readPauses()).length >= 7);
    const pauses = [750, 1_500, 3_000, 6_000, 12_000, 22_500, 22_500];
    assertEquals((await readPauses()).slice(0, 7), pauses);
    routes.set("/events", open);
    await visit.says("Live:");
    const { length } = await readPauses();
    // After an event the pauses are short again.
    routes.set("/events", refuse);
    service.endStreams();
    await eventually(async () => (await readPauses()).length > length);
    assertEquals((await readPauses())[length], 750);
  },
);

browserTest("the page leaves it to the browser to connect again after an end", async (browser) => {
  await using service = serveScript(viewIn("lit"));
  await using visit = await browser.visit(service.url, { before: recordWaits });
  await visit.says("Live:");
  service.endStreams();
  await eventually(() => service.streams === 1);
  await visit.says("Live:");
  assertEquals(await readWaits(visit, { except: [ASK_MS, SILENCE_MS] }), []);
});

browserTest("the page asks again after a minute, without an answer after 5 s", async (browser) => {
  await using service = serveScript(viewIn("lit"));
  await using visit = await browser.visit(service.url, { before: recordWaits });
  await visit.says("Live:");
  await visit.says("is at $34,500");
  assertEquals(new Set(await readWaits(visit)), new Set([ASK_MS, SILENCE_MS]));
  service.view = withContent(service.view, { trouble: "store-unavailable" });
  await setVisibility(visit, "visible");
  await visit.says("Hold on");
  assertEquals((await readWaits(visit)).at(-1), RETRY_MS);
  await setVisibility(visit, "hidden");
  assertEquals((await readWaits(visit)).at(-1), 2_000);
});

browserTest("the page asks 5 s later for a history that is not there yet", async (browser) => {
  await using service = serveScript(viewIn("lit"));
  service.routes.set("/history", () => new Response(null, { status: 503 }));
  await using visit = await browser.visit(service.url, { before: recordWaits });
  await eventually(async () => (await readWaits(visit)).includes(RETRY_MS));
});

browserTest(
  "the page asks for the record every 5 minutes, and every 30 s until there is one",
  async (browser) => {
    await using service = serveScript(viewIn("lit"));
    const { record } = service.view;
    service.view = { ...service.view, record: undefined };
    await using visit = await browser.visit(service.url, {
      before: () => {
        Object.assign(globalThis, { elapsedMs: 0 });
        performance.now = () => Reflect.get(globalThis, "elapsedMs");
      },
    });
    const countRecords = () => visit.requests.filter((url) => url.endsWith("track-record")).length;
    let revision = 1;
    let elapsedMs = 0;
    /** Lets a time pass, and a new answer come. */
    async function wait(ms: number): Promise<void> {
      elapsedMs += ms;
      await visit.page.evaluate(
        (elapsedMs) => void Object.assign(globalThis, { elapsedMs }),
        elapsedMs,
      );
      const answer = { ...UNLIT, as_of: new Date(service.now - ++revision * 60_000).toISOString() };
      service.send({ answer, revision });
      await visit.says(`${revision} minutes ago`);
    }
    await visit.says("Live:");
    await eventually(() => countRecords() === 1);
    await wait(29_999);
    assertEquals(countRecords(), 1);
    service.view = { ...service.view, record };
    await wait(1);
    await visit.says("lit 8 of 710 known hours");
    assertEquals(countRecords(), 2);
    await wait(299_999);
    assertEquals(countRecords(), 2);
    await wait(1);
    await eventually(() => countRecords() === 3);
  },
);

browserTest("the page gives each request 10 s, and asks past caches", async (browser) => {
  await using service = serveScript(viewIn("lit"));
  await using visit = await browser.visit(service.url, {
    before: () => {
      const { fetch: request, setInterval: startTicks } = globalThis;
      const { timeout } = AbortSignal;
      const noted = { requests: [] as string[], limits: [] as number[], ticks: [] as number[] };
      AbortSignal.timeout = (ms) => {
        noted.limits.push(ms);
        return timeout.call(AbortSignal, ms);
      };
      Object.assign(globalThis, {
        noted,
        fetch: (url: string, init: RequestInit) => {
          noted.requests.push(`${url} ${init.cache}`);
          return request(url, init);
        },
        setInterval: (run: TimerHandler, ms: number) => {
          noted.ticks.push(ms);
          return startTicks(run, ms);
        },
      });
    },
  });
  await visit.says("is at $34,500");
  await visit.says("lit 8 of 710 known hours");
  assertEquals(await visit.page.evaluate(() => Reflect.get(globalThis, "noted")), {
    requests: [
      "is-bitcoin-lit no-store",
      "history?hours=24&bucket=15m no-cache",
      "track-record no-cache",
    ],
    limits: [10_000, 10_000, 10_000],
    ticks: [1_000],
  });
});
