import { Buffer } from "node:buffer";

/**
 * Bytes as a string of one character per byte. Requests and replies are this all the way: slicing
 * one is far cheaper than making a typed array for each of 15,000 arguments, and any byte survives.
 */
export type ByteString = string;

/** Reads bytes as a byte string. */
export function toByteString(bytes: Uint8Array): ByteString {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

/** Writes a byte string back as bytes. */
export function toBytes(text: ByteString): Uint8Array {
  return Buffer.from(text, "latin1");
}
