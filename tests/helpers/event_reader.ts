/** One event stream as a client reads it over HTTP. */
export interface EventReader extends AsyncDisposable {
  readonly response: Response;
  /** Everything read so far. */
  readonly text: () => string;
  /** The ids of the events read so far. */
  readonly ids: () => string[];
  /** The data of the events read so far. */
  readonly answers: () => Record<string, unknown>[];
  /** Resolves when the stream has ended. */
  readonly ended: Promise<void>;
}

/** Opens an event stream, and reads it until it is disposed. */
export async function readEvents(url: string, lastEventId?: string): Promise<EventReader> {
  const stop = new AbortController();
  const headers = new Headers(lastEventId === undefined ? {} : { "last-event-id": lastEventId });
  const response = await fetch(`${url}/events`, { headers, signal: stop.signal });
  let text = "";
  const ended = read(response, (chunk) => text += chunk).catch((error) => {
    if (!stop.signal.aborted) throw error;
  });
  return {
    response,
    text: () => text,
    ids: () => fieldsOf(text, "id"),
    answers: () =>
      text.split("\n\n")
        .filter((block) => /^event: summary$/m.test(block))
        .flatMap((block) => fieldsOf(block, "data").map((data) => JSON.parse(data))),
    ended,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await ended;
    },
  };
}

async function read({ body }: Response, onText: (text: string) => void): Promise<void> {
  for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) onText(chunk);
}

function fieldsOf(text: string, name: string): string[] {
  return [...text.matchAll(new RegExp(`^${name}: (.*)$`, "gm"))].map(([, value = ""]) => value);
}
