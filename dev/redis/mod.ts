/**
 * A Redis-compatible server for development and tests, on TCP, its storage and arithmetic done by
 * SQLite. It speaks the commands this project uses, and answers them as Redis 8 does.
 *
 * @module
 */
export { type EmbeddedRedis, type EmbeddedRedisOptions, startEmbeddedRedis } from "./server.ts";
