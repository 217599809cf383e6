/** A request that has been answered. */
export interface AnsweredRequest {
  readonly method: string;
  /** The pattern of its path; `undefined` for a path without a route. */
  readonly route: string | undefined;
  readonly status: number;
  readonly seconds: number;
}

/** How a refresh ended. */
export interface EndedRefresh {
  /** `ok`, `partial` if a source failed, or the name of a problem. */
  readonly outcome: string;
  /** Numbers of samples by outcome. @default {} */
  readonly samples?: Readonly<Record<string, number>>;
  /** The sources that failed. @default [] */
  readonly failedSources?: readonly string[];
}
