/// <reference lib="dom" />
import puppeteer, { type Browser, type Page } from "puppeteer-core";
import { eventually } from "./eventually.ts";
import { CHROMIUM } from "./needs.ts";

// What keeps Chromium from asking anyone but the page's own server.
const QUIET_FLAGS = [
  ...["--no-first-run", "--disable-background-networking", "--disable-component-update"],
  ...["--disable-sync", "--disable-gpu", "--no-sandbox"],
];

const DESKTOP: Viewport = { width: 1_280, height: 900 };

/** The size of the window in CSS pixels. */
export interface Viewport {
  readonly width: number;
  readonly height: number;
}

/** How a reader comes to a page. */
export interface VisitOptions {
  /** @default light */
  scheme?: "light" | "dark";
  /** @default 1280 × 900 */
  viewport?: Viewport;
  /** @default true */
  javascript?: boolean;
  /** @default UTC */
  timeZone?: string;
}

/** One reader's tab. */
export interface Visit extends AsyncDisposable {
  readonly page: Page;
  /** Errors of the console, which include offences against the Content-Security-Policy. */
  readonly errors: readonly string[];
  /** What was asked for, as URLs. */
  readonly requests: readonly string[];
  /** Waits until the page says something, anywhere. */
  says(text: string): Promise<void>;
}

/** A Chromium with a profile of its own. */
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
      ...{ executablePath: CHROMIUM, userDataDir: profile, args: QUIET_FLAGS },
      env: { HOME: profile },
    });
    return new TestBrowser(browser, profile);
  }

  /** Opens a page in a tab of its own. */
  async visit(url: string, options: VisitOptions = {}): Promise<Visit> {
    const page = await this.#browser.newPage();
    const [errors, requests]: string[][] = [[], []];
    page.on("console", (message) => {
      if (message.type() === "error") errors?.push(message.text());
    });
    page.on("pageerror", (error) => errors?.push(String(error)));
    page.on("request", (request) => requests?.push(request.url()));
    await page.setJavaScriptEnabled(options.javascript ?? true);
    await page.emulateTimezone(options.timeZone ?? "UTC");
    await page.setViewport(options.viewport ?? DESKTOP);
    const scheme = { name: "prefers-color-scheme", value: options.scheme ?? "light" };
    await page.emulateMediaFeatures([scheme, { name: "prefers-reduced-motion", value: "reduce" }]);
    await page.goto(url);
    return {
      ...{ page, errors: errors ?? [], requests: requests ?? [] },
      says: (text) => says(page, text),
      [Symbol.asyncDispose]: () => page.close(),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
    await Deno.remove(this.#profile, { recursive: true });
  }
}

async function says(page: Page, text: string): Promise<void> {
  await eventually(async () => {
    const said = await page.$eval("body", (body) => (body as HTMLElement).innerText);
    if (!said.includes(text)) throw new Error(`The page does not say “${text}” but “${said}”`);
    return true;
  });
}
