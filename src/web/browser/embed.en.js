// @ts-check
import { startEmbed } from "./embed.js";
import { words } from "./words.en.js";

startEmbed(words);
