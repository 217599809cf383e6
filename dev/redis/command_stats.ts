interface Counters {
  calls: number;
  microseconds: number;
  rejected: number;
  failed: number;
}

/** Counts the calls of each command and their time, for `INFO commandstats`. */
export class CommandStats {
  #counters = new Map<string, Counters>();

  /** Counts a call that ran, and whether its reply was an error. */
  record(command: string, microseconds: number, failed: boolean): void {
    const counters = this.#of(command);
    counters.calls++;
    counters.microseconds += microseconds;
    if (failed) counters.failed++;
  }

  /** Counts a call that was rejected before it ran. */
  reject(command: string): void {
    this.#of(command).rejected++;
  }

  /** Resets all counts. */
  reset(): void {
    this.#counters.clear();
  }

  /** Returns one `cmdstat_` line per command. */
  lines(): string[] {
    return [...this.#counters].map(([command, counters]) => formatLine(command, counters));
  }

  #of(command: string): Counters {
    let counters = this.#counters.get(command);
    if (counters === undefined) {
      counters = { calls: 0, microseconds: 0, rejected: 0, failed: 0 };
      this.#counters.set(command, counters);
    }
    return counters;
  }
}

function formatLine(command: string, { calls, microseconds, rejected, failed }: Counters): string {
  const usec = Math.round(microseconds);
  const perCall = calls === 0 ? 0 : usec / calls;
  return `cmdstat_${command}:calls=${calls},usec=${usec},usec_per_call=${perCall.toFixed(2)},` +
    `rejected_calls=${rejected},failed_calls=${failed}`;
}
