/** A fenced block of code; `info` is what follows its opening fence. */
export interface Block {
  readonly info: string;
  readonly lines: readonly string[];
}

/** A heading or a block of code. */
export type Part = { readonly heading: string } | Block;

/** What a reader types, and what appears then. */
export interface Exchange {
  /** Where it is typed; `undefined` for more output of the program that runs. */
  readonly prompt: "$" | "redis" | undefined;
  readonly command: string;
  readonly output: readonly string[];
}

const PART = /^(?<heading>#+ .*)$|^```(?<info>.*)\n(?<code>[^]*?)\n```$/gm;
const PROMPT = /^(?<sign>\$|127\.0\.0\.1:6379>) (?<command>.*)$/;

/** Splits a text into its headings and blocks of code, in their order. */
export function findParts(markdown: string): Part[] {
  return [...markdown.matchAll(PART)].map(({ groups = {} }) => {
    const { heading, info = "", code = "" } = groups;
    return heading !== undefined ? { heading } : { info, lines: code.split("\n") };
  });
}

/** Splits what a terminal shows into commands, each with its output. */
export function findExchanges(lines: readonly string[]): Exchange[] {
  const exchanges: (Exchange & { output: string[] })[] = [];
  for (const line of lines) {
    const { sign, command = "" } = PROMPT.exec(line)?.groups ?? {};
    const prompt = sign === undefined ? undefined : sign === "$" ? "$" : "redis";
    const last = exchanges.at(-1);
    if (prompt !== undefined) exchanges.push({ prompt, command, output: [] });
    else if (last === undefined) exchanges.push({ prompt, command: "", output: [line] });
    else last.output.push(line);
  }
  return exchanges;
}
