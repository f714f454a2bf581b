// Ties the marks of an answer to its sources: the same rule as CitedAnswer on the server.

/**
 * @typedef {{ document: string, title?: string, heading?: string, page?: number, start: number, length: number, text: string, score: number }} Citation
 * @typedef {{ start: number, end: number, url: string, citation: Citation }} Cited
 * @typedef {{ number: number, url: string, citations: Cited[] }} Source
 * @typedef {{ text: string, source: number | null }} Piece
 */

/**
 * The mark at or right behind the end of a span; an empty place when none is written.
 * @param {string} text
 * @param {number} end
 */
function findMark(text, end) {
  const pattern = / ?\[([1-9][0-9]?)\]/g;
  pattern.lastIndex = Math.max(0, end - 6);
  for (let match = pattern.exec(text); match !== null && match.index <= end + 1; match = pattern.exec(text)) {
    if (match.index + match[0].length >= end) {
      return { from: match.index, to: match.index + match[0].length, written: Number(match[1]) };
    }
  }
  return { from: end, to: end, written: 0 };
}

/**
 * @param {string} text
 * @param {Cited[]} cited
 * @returns {{ pieces: Piece[], sources: Source[] }}
 */
export function tie(text, cited) {
  /** @type {Map<number, Source>} */
  const sources = new Map();
  /** @type {Map<string, number>} */
  const numberOf = new Map();
  /** @type {Map<number, { to: number, number: number }>} */
  const marks = new Map();
  for (const one of [...cited].sort((a, b) => a.start - b.start)) {
    const { from, to, written } = findMark(text, Math.min(Math.max(one.end, 0), text.length));
    // The wire names the span, not its passage: spans with one written number are one source.
    const key = written > 0 ? `[${written}]` : `${one.citation.document} ${one.citation.start}`;
    let number = numberOf.get(key);
    if (number === undefined) {
      number = written > 0 && !sources.has(written) ? written : 1;
      while (sources.has(number)) {
        number++;
      }
      numberOf.set(key, number);
      sources.set(number, { number, url: one.url, citations: [] });
    }
    sources.get(number)?.citations.push(one);
    marks.set(from, { to, number });
  }
  return { pieces: cut(text, marks), sources: [...sources.values()].sort((a, b) => a.number - b.number) };
}

/**
 * @param {string} text
 * @param {Map<number, { to: number, number: number }>} marks
 * @returns {Piece[]}
 */
function cut(text, marks) {
  /** @type {Piece[]} */
  const pieces = [];
  let from = 0;
  for (const [start, { to, number }] of [...marks].sort((a, b) => a[0] - b[0])) {
    if (start < from) {
      continue;
    }
    pieces.push({ text: text.slice(from, start), source: null }, { text: "", source: number });
    from = to;
  }
  pieces.push({ text: text.slice(from), source: null });
  return pieces;
}
