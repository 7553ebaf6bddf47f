// What the scripts say, in the language of the page: the server gives the messages that are not English.

const given = document.querySelector('meta[name="messages"]')?.content;
const messages = given ? JSON.parse(given) : {};

/** Return a message in the page's language, with its values put in. */
export function translate(message, values = {}) {
  return (messages[message] ?? message).replace(/\{(\w+)\}/g, (braces, name) => values[name] ?? braces);
}
