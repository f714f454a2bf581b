// Keeps a page live: asks again at a steady pace, shows the last value and its age, never a spinner.

import { clock } from "./figures.js";
import { part } from "./visible.js";

/**
 * @param {string} address
 * @param {number} periodMs
 * @param {(response: Response) => Promise<void>} show
 */
export function keepLive(address, periodMs, show) {
  const age = part("age");
  let shownAt = Date.now();
  let fault = "";

  const tell = () => {
    const seconds = Math.round((Date.now() - shownAt) / 1000);
    const isLate = seconds * 1000 > 2 * periodMs + 1000;
    age.classList.toggle("late", isLate || fault !== "");
    age.textContent = fault === "" && !isLate ? `live, ${clock(shownAt)} UTC` : `${seconds} s old${fault === "" ? "" : `, ${fault}`}`;
  };

  const turn = async () => {
    if (!document.hidden) {
      try {
        const response = await fetch(address, { headers: { accept: "text/html, application/json" }, redirect: "error" });
        if (response.ok) {
          await show(response);
          shownAt = Date.now();
          fault = "";
        } else {
          fault = `the last try was answered ${response.status}`;
        }
      } catch (error) {
        fault = error instanceof TypeError ? "the service cannot be reached" : String(error);
      }
    }
    tell();
    setTimeout(turn, periodMs);
  };

  setInterval(tell, 1000);
  setTimeout(turn, periodMs);
  tell();
}
