// The title of the page: tabs and the history of a browser are told apart by it.

const NAMES = { trace: "Trace", session: "Session", thread: "Thread", span: "Span" };

export const nameOf = (view, id) => `${NAMES[view] ?? view} ${id.length > 20 ? id.slice(0, 8) : id}`;

export function setTitle(text) {
  document.title = `${text} · Spanwell`;
}
