/// <reference lib="dom" />
import puppeteer, { type Browser, type Page } from "puppeteer-core";
import { eventually } from "./eventually.ts";
import { CHROMIUM, HAS_CHROMIUM } from "./needs.ts";

// Chromium must connect to the page's own server only.
const QUIET_FLAGS = [
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-gpu",
  "--no-sandbox",
];

const DESKTOP: Viewport = { width: 1_280, height: 900 };
const TIMEOUT_MS = 60_000;

/** The size of the window in CSS pixels. */
export interface Viewport {
  readonly width: number;
  readonly height: number;
}

/** How a reader visits a page. */
export interface VisitOptions {
  /** @default light */
  readonly scheme?: "light" | "dark";
  /** @default 1280 × 900 */
  readonly viewport?: Viewport;
  /** @default true */
  readonly javascript?: boolean;
  /** @default UTC */
  readonly timeZone?: string;
  /** How many times faster the page's timers and time limits run; dates are as usual. @default 1 */
  readonly speed?: number;
  /** Sent as `Accept-Language`. @default en */
  readonly language?: string;
  /** Runs in the page before its own scripts. */
  readonly before?: () => void;
}

/** One reader's tab. */
export interface Visit extends AsyncDisposable {
  readonly page: Page;
  /** Errors of the console, which include violations of the Content-Security-Policy. */
  readonly errors: readonly string[];
  /** The URLs that the page requested. */
  readonly requests: readonly string[];
  /** Waits until the page has a text, anywhere. */
  says(text: string): Promise<void>;
}

/** A Chromium with its own profile. */
export class TestBrowser implements AsyncDisposable {
  readonly #browser: Browser;
  readonly #profile: string;

  private constructor(browser: Browser, profile: string) {
    this.#browser = browser;
    this.#profile = profile;
  }

  /** Starts a Chromium. */
  static async start(): Promise<TestBrowser> {
    const profile = await Deno.makeTempDir({ prefix: "is-bitcoin-lit-chromium-" });
    const browser = await puppeteer.launch({
      executablePath: CHROMIUM,
      userDataDir: profile,
      args: QUIET_FLAGS,
      env: { HOME: profile },
    });
    return new TestBrowser(browser, profile);
  }

  /** Opens a page in its own tab. */
  async visit(url: string, options: VisitOptions = {}): Promise<Visit> {
    const page = await this.#browser.newPage();
    const errors: string[] = [];
    const requests: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") errors.push(message.text());
    });
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("request", (request) => requests.push(request.url()));
    await prepare(page, options);
    await page.goto(url);
    return {
      page,
      errors,
      requests,
      says: (text) => says(page, text),
      [Symbol.asyncDispose]: () => page.close(),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
    await Deno.remove(this.#profile, { recursive: true });
  }
}

/**
 * Starts a browser for all tests of a file.
 *
 * @returns a function that declares a test; it is left out on machines without Chromium
 */
export function shareBrowser(): (
  name: string,
  fn: (browser: TestBrowser) => Promise<void>,
) => void {
  let browser: TestBrowser;
  if (HAS_CHROMIUM) {
    Deno.test.beforeAll(async () => {
      browser = await TestBrowser.start();
    });
    Deno.test.afterAll(() => browser[Symbol.asyncDispose]());
  }
  return (name, fn) => {
    Deno.test({
      name,
      fn: () => fn(browser),
      ignore: !HAS_CHROMIUM,
      timeout: TIMEOUT_MS,
      // The browser outlives each test, and so do its timers and its socket.
      sanitizeOps: false,
      sanitizeResources: false,
    });
  };
}

async function prepare(page: Page, options: VisitOptions): Promise<void> {
  await page.setJavaScriptEnabled(options.javascript ?? true);
  await page.emulateTimezone(options.timeZone ?? "UTC");
  await page.setViewport(options.viewport ?? DESKTOP);
  await page.setExtraHTTPHeaders({ "accept-language": options.language ?? "en" });
  const scheme = { name: "prefers-color-scheme", value: options.scheme ?? "light" };
  await page.emulateMediaFeatures([scheme, { name: "prefers-reduced-motion", value: "reduce" }]);
  if (options.before !== undefined) await page.evaluateOnNewDocument(options.before);
  if (options.speed !== undefined) await page.evaluateOnNewDocument(changeSpeed, options.speed);
}

/** Makes timers, time limits and the monotonic clock of a page run at another speed. */
function changeSpeed(speed: number): void {
  const { setTimeout: startTimer, performance: clock } = globalThis;
  const { timeout } = AbortSignal;
  const now = clock.now.bind(clock);
  Object.assign(globalThis, {
    setTimeout: (run: TimerHandler, ms = 0) => startTimer(run, ms / speed),
  });
  clock.now = () => now() * speed;
  AbortSignal.timeout = (ms) => timeout.call(AbortSignal, ms / speed);
}

async function says(page: Page, text: string): Promise<void> {
  await eventually(async () => {
    const said = await page.$eval("body", (body) => (body as HTMLElement).innerText);
    if (!said.includes(text)) throw new Error(`The page must say “${text}”, says “${said}”`);
    return true;
  });
}
