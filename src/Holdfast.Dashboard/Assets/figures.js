// Figures with their units, written as the server writes them.

const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/**
 * @param {number | null | undefined} value
 * @returns {string} a dash when unknown, never 0
 */
export function number(value) {
  return value === null || value === undefined ? "–" : whole.format(value);
}

/**
 * @param {number | null | undefined} microseconds
 * @returns {string}
 */
export function duration(microseconds) {
  if (microseconds === null || microseconds === undefined) {
    return "–";
  }
  const ms = microseconds / 1e3;
  if (ms > 0 && ms < 0.01) {
    return "under 0.01 ms";
  }
  if (ms < 1) {
    return `${ms.toFixed(2)} ms`;
  }
  if (ms < 10) {
    return `${ms.toFixed(1)} ms`;
  }
  return ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1e3).toFixed(2)} s`;
}

/**
 * Time of day in UTC.
 * @param {string | number} at
 * @returns {string}
 */
export function clock(at) {
  return new Date(at).toISOString().slice(11, 19);
}
