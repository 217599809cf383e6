import { Buffer } from "node:buffer";

/**
 * Bytes as a string of one character per byte. Requests and replies use it throughout: slicing one
 * is far cheaper than creating a typed array for each of 15,000 arguments, and no byte is lost.
 */
export type ByteString = string;

/** Converts bytes to a byte string. */
export function toByteString(bytes: Uint8Array): ByteString {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

/** Converts a byte string to bytes. */
export function toBytes(text: ByteString): Uint8Array {
  return Buffer.from(text, "latin1");
}
