import { type EmbeddedRedisOptions, startEmbeddedRedis } from "../../../dev/redis/mod.ts";
import { RespClient } from "./resp_client.ts";

/** The server of one test with raw connections to it; disposing of it closes all. */
export interface Fixture extends AsyncDisposable {
  readonly port: number;
  readonly client: RespClient;
  connect(): Promise<RespClient>;
}

/** Starts a server on a free port, with one client connected. */
export async function startFixture(options: EmbeddedRedisOptions = {}): Promise<Fixture> {
  const server = startEmbeddedRedis(options);
  const clients = new DisposableStack();
  async function connect(): Promise<RespClient> {
    return clients.use(await RespClient.connect(server.port));
  }
  return {
    port: server.port,
    client: await connect(),
    connect,
    async [Symbol.asyncDispose](): Promise<void> {
      clients.dispose();
      await server.close();
    },
  };
}

/** Returns the RESP2 reply to `TS.RANGE` with these samples. */
export function samplesReply(samples: [timestamp: number, value: string | number][]): string {
  const encoded = samples.map(([timestamp, value]) => `*2\r\n:${timestamp}\r\n+${value}\r\n`);
  return `*${samples.length}\r\n${encoded.join("")}`;
}
