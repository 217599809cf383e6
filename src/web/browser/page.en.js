// @ts-check
import { startPage } from "./page.js";
import { words } from "./words.en.js";

startPage(words);
