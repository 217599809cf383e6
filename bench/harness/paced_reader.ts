/// <reference lib="webworker" />
// A worker that reads a URL every few milliseconds, and tells at the end how long it waited at most: in
// the thread that opens the streams it would measure that thread.
const PAUSE_MS = 5;

let isStopped = false;
let slowestMs = 0;

async function read(url: string): Promise<void> {
  while (!isStopped) {
    const start = performance.now();
    await (await fetch(url)).text();
    slowestMs = Math.max(slowestMs, performance.now() - start);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  postMessage(slowestMs);
}

addEventListener("message", ({ data }: MessageEvent<string>) => {
  if (data === "stop") isStopped = true;
  else read(data);
});
