import type { Link, TcpProxy, Toxic } from "../helpers/tcp_proxy.ts";
import * as toxics from "../helpers/toxics.ts";
import type { TestbedOptions } from "./testbed.ts";

/** A fault of the link to Redis. */
export interface RedisFault {
  readonly name: string;
  readonly inflict: (link: TcpProxy) => unknown;
  /** The status of a refresh meanwhile. */
  readonly refresh: number;
  /** @default the bounds of the service */
  readonly redisBounds?: TestbedOptions["redisBounds"];
}

const EVERY = /./;
const MESSAGE = /\r\nmessage\r\n/;
const WRITES = /^(SET|DEL|INCR|TS\.CREATE|TS\.MADD|PUBLISH) /i;
const READONLY = "READONLY You can't write against a read only replica.";
const EXECABORT = "EXECABORT Transaction discarded because of previous errors.";
const INFO_OF_LOADING = "# Persistence\r\nloading:1\r\nloading_eta_seconds:9\r\n";

/** Shorter waits than those of the service: on a busy machine, its own would exceed the promise. */
const SHORT: TestbedOptions["redisBounds"] = { connectMs: 400, commandMs: 400, socketMs: 600 };

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
  fails("takes twice as long as it may (toxiproxy's latency)", toxics.latency(800)),
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
    refuseWrites("OOM command not allowed when used memory > 'maxmemory'."),
  ),
  fails("is a replica (READONLY)", refuseWrites(READONLY)),
];

/** Redis hands over to a replica and becomes one; only new connections find the new master. */
export function failOver(link: TcpProxy): void {
  const last = link.accepted;
  link.toxic = refuseWrites(READONLY, ({ id }) => id <= last);
}

/** Redis refuses a write in a transaction when it is queued, and then the transaction. */
function refuseWrites(error: string, links: (link: Link) => boolean = () => true): Toxic {
  return toxics.substitute(
    { request: WRITES, reply: `-${error}\r\n`, links },
    { request: /^MULTI/i, reply: "+OK\r\n", links },
    { request: /^EXEC/i, reply: `-${EXECABORT}\r\n`, links },
  );
}

/** Redis is slow in ways that a service has to live with. */
export const SLOW: readonly RedisFault[] = [
  works("takes 100 ms (toxiproxy's latency)", toxics.latency(100)),
  works("sends 5,000 bytes a second (toxiproxy's bandwidth)", toxics.bandwidth(5_000)),
  works("sends slices of 3 bytes (toxiproxy's slicer)", toxics.slicer(3, 0.5)),
  works("closes slowly (toxiproxy's slow close)", toxics.slowClose(1_000)),
];

/** Redis ends the connection that receives announcements, at the next one. */
export const KILLING_SUBSCRIBERS: readonly RedisFault[] = [
  works("kills its subscribers again and again", toxics.resetAt(/\r\n(message|subscribe)\r\n/)),
  works(
    "kills its subscribers and refuses new ones (NOPERM)",
    toxics.resetAt(MESSAGE, toxics.refuse(/^SUBSCRIBE/i, "NOPERM User has no permissions")),
  ),
  works(
    "kills its subscribers and does not answer new ones",
    toxics.resetAt(MESSAGE, toxics.substitute({ request: /^SUBSCRIBE/i, reply: "" })),
  ),
];

function fails(name: string, fault: Toxic | RedisFault["inflict"]): RedisFault {
  const inflict = typeof fault === "function" ? fault : (link: TcpProxy) => link.toxic = fault;
  return { name, inflict, refresh: 503, redisBounds: SHORT };
}

function works(name: string, toxic: Toxic): RedisFault {
  return { name, inflict: (link) => link.toxic = toxic, refresh: 200 };
}
