import type { Metrics, MetricsSources, RefreshSample, RequestSample } from "./metrics.ts";

const MAX_WAITING = 10_000;

/**
 * Metrics that load after the start, of which prom-client would be a fifth. What happens before is
 * kept and counted then.
 */
export class LateMetrics {
  readonly #sources: MetricsSources;
  readonly #waiting: ((metrics: Metrics) => void)[] = [];
  #loading: Promise<Metrics> | undefined;
  #loaded: Metrics | undefined;

  constructor(sources: MetricsSources) {
    this.#sources = sources;
  }

  /** Loads the metrics, unless that has been done. */
  load(): Promise<Metrics> {
    return this.#loading ??= this.#load();
  }

  /** Counts a request. */
  countRequest(sample: RequestSample): void {
    if (this.#loaded !== undefined) return this.#loaded.countRequest(sample);
    if (this.#waiting.length < MAX_WAITING) this.#waiting.push((late) => late.countRequest(sample));
  }

  /** Counts a refresh. */
  countRefresh(sample: RefreshSample): void {
    if (this.#loaded !== undefined) return this.#loaded.countRefresh(sample);
    this.#waiting.push((late) => late.countRefresh(sample));
  }

  async #load(): Promise<Metrics> {
    const { Metrics } = await import("./metrics.ts");
    this.#loaded = new Metrics(this.#sources);
    for (const count of this.#waiting.splice(0)) count(this.#loaded);
    return this.#loaded;
  }
}
