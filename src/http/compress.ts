import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

// Level 11 takes 50 times as long and saves a tenth of the bytes.
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };

/** Compresses on other threads, so no reader waits. */
const COMPRESS = {
  br: (body: Uint8Array) => promisify(brotliCompress)(body, BROTLI),
  gzip: (body: Uint8Array) => promisify(gzip)(body),
} as const;

/** Compresses a body. */
export async function compress(
  body: Uint8Array,
  encoding: "br" | "gzip",
): Promise<Uint8Array<ArrayBuffer>> {
  return Uint8Array.from(await COMPRESS[encoding](body));
}
