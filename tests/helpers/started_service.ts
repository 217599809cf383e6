import { type Feed, mergeAnswers, type SourceAnswer } from "../../src/core/feed.ts";
import { serveLocally } from "./local_server.ts";
import { startTestRedis, type TestRedis } from "./redis.ts";
import { NOW, risingAnswer } from "./samples.ts";
import { createTestService, type TestService, type TestServiceOptions } from "./service.ts";

/** A clock that a test moves; it also runs on by itself. */
export interface MovableClock {
  now(): number;
  elapsed(): number;
  /** Moves on, in milliseconds. */
  advance(ms: number): void;
}

/** A feed with one source; the test sets its answer. */
export interface ScriptedFeed extends Feed {
  answer: () => SourceAnswer | Promise<SourceAnswer>;
  /** How often the source was asked. */
  requests: number;
}

/** A whole service that has its first samples and listens on a loopback port. */
export interface StartedService extends TestService {
  readonly url: string;
  readonly redis: TestRedis;
  readonly clock: MovableClock;
  readonly feed: ScriptedFeed;
}

/** Starts a whole service on a Redis of its own; its clock starts at {@linkcode NOW}. */
export async function startService(
  options: Partial<TestServiceOptions> = {},
): Promise<StartedService> {
  const redis = await startTestRedis();
  const feed = createScriptedFeed();
  const clock = createMovableClock();
  const service = createTestService({ redis, feed, clock, ...options });
  const server = serveLocally(service.fetch);
  service.start();
  await service.tick();
  return {
    ...service,
    url: server.url.slice(0, -1),
    redis,
    clock,
    feed,
    async [Symbol.asyncDispose]() {
      await service.stop(async () => await server[Symbol.asyncDispose]());
      await redis[Symbol.asyncDispose]();
    },
  };
}

/** Creates a feed named `test` that brings three rising hours. */
export function createScriptedFeed(): ScriptedFeed {
  const feed: ScriptedFeed = {
    name: "test",
    description: {
      title: "Test",
      sentiment: { en: "A test", "zh-CN": "测试" },
      price: { en: "A test", "zh-CN": "测试" },
    },
    answer: risingAnswer,
    requests: 0,
    sources: [{
      name: "test",
      metrics: ["price", "sentiment"],
      async fetchSamples() {
        feed.requests++;
        return await feed.answer();
      },
    }],
    combine: mergeAnswers,
  };
  return feed;
}

/** Creates a clock that shows `start` (Unix ms) now. */
export function createMovableClock(start = NOW): MovableClock {
  const begin = performance.now();
  let moved = 0;
  return {
    now: () => Math.floor(start + moved + performance.now() - begin),
    elapsed: () => moved + performance.now(),
    advance(ms) {
      moved += ms;
    },
  };
}
