// Text from outside, made safe to look at: the same rule as VisibleText on the server.

const odd = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]|\r(?!\n)|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|(?<=[\u0000-\u007f])[\u200c\u200d]|[\u200c\u200d](?=[\u0000-\u007f])/gu;

/**
 * Appends a text to an element, each character that would not be seen as a box with its number.
 * @param {Element} target
 * @param {string} text
 */
export function addText(target, text) {
  let from = 0;
  for (const match of text.matchAll(odd)) {
    target.append(text.slice(from, match.index));
    const box = document.createElement("span");
    box.className = "odd";
    box.title = "a character that would not be seen";
    box.textContent = `U+${(match[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
    target.append(box);
    from = match.index + match[0].length;
  }
  target.append(text.slice(from));
}

/**
 * Makes an element with a class and a text from outside.
 * @param {string} name
 * @param {string} className
 * @param {string} [text]
 * @returns {HTMLElement}
 */
export function element(name, className, text) {
  const made = document.createElement(name);
  if (className !== "") {
    made.className = className;
  }
  if (text !== undefined) {
    addText(made, text);
  }
  return made;
}

/**
 * The element of an id that the page is known to have.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function part(id) {
  const found = document.getElementById(id);
  if (found === null) {
    throw new Error(`the page has no #${id}`);
  }
  return found;
}
