/** What a body can be sent as. */
export type ContentEncoding = "br" | "gzip" | "identity";

/** Chooses the encoding that `Accept-Encoding` prefers; ties go to the smaller one. */
export function chooseEncoding(acceptEncoding: string | null): ContentEncoding {
  if (acceptEncoding === null) return "identity";
  const weights = parseWeights(acceptEncoding);
  const [br, gzip] = [weightOf("br", weights), weightOf("gzip", weights)];
  const identity = weights.get("identity") ?? 0;
  if (br > 0 && br >= gzip && br >= identity) return "br";
  return gzip > 0 && gzip >= identity ? "gzip" : "identity";
}

function weightOf(coding: string, weights: ReadonlyMap<string, number>): number {
  return weights.get(coding) ?? weights.get("*") ?? 0;
}

/** Reads codings and their weights, without a regular expression that a long header could slow down. */
function parseWeights(header: string): Map<string, number> {
  const weights = new Map<string, number>();
  for (const part of header.split(",")) {
    const [coding = "", ...parameters] = part.split(";").map((text) => text.trim().toLowerCase());
    const quality = parameters.find((parameter) => parameter.startsWith("q="));
    const weight = quality === undefined ? 1 : Number(quality.slice(2));
    weights.set(coding, Number.isFinite(weight) ? weight : 0);
  }
  return weights;
}
