import { type Config, parseConfig } from "../../src/config.ts";
import type { Feed } from "../../src/feeds/feed.ts";
import { createService, type Parts, type Service } from "../../src/service.ts";
import { keepLog, type KeptLog } from "./log.ts";
import type { TestRedis } from "./redis.ts";

/** A whole service in this process, on a Redis of the test. */
export interface TestService extends AsyncDisposable, Service {
  readonly config: Config;
  readonly log: KeptLog;
  /** Requests a path. */
  request(path: string, init?: RequestInit): Promise<Response>;
}

/** What a test replaces in a service. */
export interface TestServiceOptions extends Partial<Omit<Parts, "log" | "loadFeed">> {
  redis: Pick<TestRedis, "url" | "prefix">;
  feed: Feed;
  /** Environment variables. @default {} */
  environment?: Readonly<Record<string, string>>;
}

/** Creates a whole service; the test starts it. */
export function createTestService(options: TestServiceOptions): TestService {
  const { redis, feed, environment = {}, ...parts } = options;
  const config = parseConfig(
    { REDIS_URL: redis.url, KEY_PREFIX: redis.prefix, FEED: feed.name, ...environment },
    [feed.name],
  );
  const log = keepLog();
  const service = createService(config, { ...parts, log, loadFeed: () => Promise.resolve(feed) });
  return {
    ...service,
    config,
    log,
    async request(path, init) {
      return await service.fetch(new Request(new URL(path, "http://localhost"), init));
    },
    [Symbol.asyncDispose]: () => service.stop(),
  };
}
