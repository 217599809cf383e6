import type { Feed, FeedDescription } from "../core/feed.ts";
import type { FeedOptions } from "./options.ts";
import { createSentiCrypt } from "./senticrypt.ts";

const DESCRIPTION: FeedDescription = {
  title: "Simulated",
  sentiment: {
    en: "This sentiment is invented, from −1 to 1. It shows how the service works.",
    "zh-CN": "此情绪指标为虚构数据，范围从 −1 到 1，仅用于演示。",
  },
  price: {
    en: "This price is invented. It shows how the service works.",
    "zh-CN": "此价格为虚构数据，仅用于演示。",
  },
};

/** Invented data in SentiCrypt's format: never labelled, and never stored, as SentiCrypt's. */
export function createSimulated(options: FeedOptions): Feed {
  return createSentiCrypt(options, { name: "simulated", description: DESCRIPTION });
}
