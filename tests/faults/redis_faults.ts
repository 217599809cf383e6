import type { TcpProxy, Toxic } from "../helpers/tcp_proxy.ts";
import * as toxics from "../helpers/toxics.ts";

/** A fault of the link to Redis. */
export interface RedisFault {
  readonly name: string;
  readonly inflict: (link: TcpProxy) => unknown;
  /** The status of a refresh meanwhile. */
  readonly refresh: number;
}

const EVERY = /./;
const WRITES = /^(SET|TS\.CREATE|TS\.MADD|PUBLISH) /i;
const READONLY = "READONLY You can't write against a read only replica.";
const INFO_OF_LOADING = "# Persistence\r\nloading:1\r\nloading_eta_seconds:9\r\n";

/** Redis can't be reached, or its connections break. */
export const AWAY: readonly RedisFault[] = [
  fails("refuses (toxiproxy's down)", (link) => link.down()),
  fails("resets in mid-reply (toxiproxy's reset peer)", toxics.resetPeer()),
  fails("closes unanswered (toxiproxy's timeout)", toxics.timeout(100)),
  fails("closes after 20 bytes (toxiproxy's limit data)", toxics.limitData(20)),
  fails("answers with garbage", toxics.garbage()),
];

/** Redis is reached and answers too late or never. */
export const HANGING: readonly RedisFault[] = [
  fails("never answers", toxics.hang()),
  fails("writes half of each reply", toxics.halfWritten()),
  fails("takes 2 s (toxiproxy's latency)", toxics.latency(2_000)),
];

/** Redis answers with errors. */
export const REFUSING: readonly RedisFault[] = [
  fails(
    "is LOADING",
    toxics.substitute(
      { request: /^INFO/i, reply: `$${INFO_OF_LOADING.length}\r\n${INFO_OF_LOADING}\r\n` },
      { request: EVERY, reply: "-LOADING Redis is loading the dataset in memory\r\n" },
    ),
  ),
  fails("asks for a password (NOAUTH)", toxics.refuse(EVERY, "NOAUTH Authentication required.")),
  fails("has no time series", toxics.refuse(/^TS\./i, "ERR unknown command 'TS.X'")),
];

/** Redis answers reads and refuses writes. */
export const REFUSING_WRITES: readonly RedisFault[] = [
  fails(
    "is out of memory (OOM)",
    toxics.refuse(WRITES, "OOM command not allowed when used memory > 'maxmemory'."),
  ),
  fails("is a replica (READONLY)", toxics.refuse(WRITES, READONLY)),
];

/** Redis hands over to a replica and becomes one; only new connections find the new master. */
export function failOver(link: TcpProxy): void {
  const last = link.accepted;
  link.toxic = toxics.substitute({
    request: WRITES,
    reply: `-${READONLY}\r\n`,
    links: ({ id }) => id <= last,
  });
}

/** Redis is slow in ways that a service has to live with. */
export const SLOW: readonly RedisFault[] = [
  works("takes 100 ms (toxiproxy's latency)", toxics.latency(100)),
  works("gives 5,000 bytes a second (toxiproxy's bandwidth)", toxics.bandwidth(5_000)),
  works("gives slices of 3 bytes (toxiproxy's slicer)", toxics.slicer(3, 2)),
  works("closes slowly (toxiproxy's slow close)", toxics.slowClose(1_000)),
];

function fails(name: string, fault: Toxic | RedisFault["inflict"]): RedisFault {
  const inflict = typeof fault === "function" ? fault : (link: TcpProxy) => link.toxic = fault;
  return { name, inflict, refresh: 503 };
}

function works(name: string, toxic: Toxic): RedisFault {
  return { ...fails(name, toxic), refresh: 200 };
}
