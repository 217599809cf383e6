// @ts-check
import { startEmbed } from "./embed.js";
import { words } from "./words.zh-CN.js";

startEmbed(words);
