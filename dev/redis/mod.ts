/**
 * A Redis-compatible TCP server for development and tests. SQLite does its storage and arithmetic.
 * It has the commands that this project uses, with the replies of Redis 8.
 *
 * @module
 */
export { type EmbeddedRedis, type EmbeddedRedisOptions, startEmbeddedRedis } from "./server.ts";
