// The map of KV blocks, every second.

import { number } from "./figures.js";
import { keepLive } from "./live.js";
import { addText, element, part } from "./visible.js";

/**
 * @typedef {{ number: number, requestId: string, promptTokens: number, generatedTokens: number, blocks: number }} Sequence
 * @typedef {{ owners: number[], sequences: Sequence[], waiting: number }} Pool
 */

const columns = 64;
const map = document.getElementById("kv-map");

/** @param {number} owner */
function colour(owner) {
  return owner === -1 ? "free" : owner === -2 ? "cached" : `s${1 + owner % 5}`;
}

/**
 * Neighbouring blocks of one owner become one rectangle.
 * @param {number[]} owners
 */
function runs(owners) {
  const made = [];
  for (let i = 0; i < owners.length;) {
    const from = i;
    const end = Math.min(owners.length, (Math.floor(i / columns) + 1) * columns);
    while (i < end && owners[i] === owners[from]) {
      i++;
    }
    const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    rect.setAttribute("x", String(from % columns));
    rect.setAttribute("y", String(Math.floor(from / columns)));
    rect.setAttribute("width", String(i - from));
    rect.setAttribute("height", "1");
    rect.setAttribute("class", colour(owners[from]));
    made.push(rect);
  }
  return made;
}

/** @param {Sequence} sequence */
function line(sequence) {
  const made = document.createElement("tr");
  const key = document.createElement("td");
  key.append(element("i", `key ${colour(sequence.number)}`));
  const link = document.createElement("a");
  link.href = `/requests/${encodeURIComponent(sequence.requestId)}`;
  addText(link, sequence.requestId);
  const id = element("td", "mono");
  id.append(link);
  made.append(key, id, element("td", "num", number(sequence.promptTokens)), element("td", "num", number(sequence.generatedTokens)), element("td", "num", number(sequence.blocks)));
  return made;
}

if (map === null) {
  // No model was loaded when the page was made: look again, and load the page that has the map.
  keepLive("/admin/kv", 5000, async response => {
    if (await response.json() !== null) {
      location.reload();
    }
  });
} else {
  keepLive("/admin/kv", 1000, async response => {
    /** @type {Pool | null} */
    const pool = await response.json();
    if (pool === null) {
      location.reload();
      return;
    }
    const free = pool.owners.filter(owner => owner === -1).length;
    const cached = pool.owners.filter(owner => owner === -2).length;
    part("kv-sentence").textContent = `${number(free + cached)} of ${number(pool.owners.length)} KV blocks can be given out.`;
    part("kv-note").textContent = `${number(free)} free, ${number(cached)} hold a cached prefix; ${number(pool.waiting)} ${pool.waiting === 1 ? "sequence waits" : "sequences wait"}.`;
    map.querySelector("g")?.replaceChildren(...runs(pool.owners.slice(0, Number(map.dataset.shown))));
    part("kv-sequences").querySelector("tbody")?.replaceChildren(...pool.sequences.map(line));
    part("kv-none").hidden = pool.sequences.length > 0;
  });
}
