// An address that names a span alone: goes to its trace.
import { html, useEffect, useState } from "../html.js";
import { Empty, Failure, Waiting } from "../parts/notices.js";
import { go } from "../state/address.js";
import { idsIn } from "../state/ids.js";
import { recordsOf } from "./find-records.js";

export function LookupPage({ id }) {
  const [state, setState] = useState({ isDone: false, error: null });
  const find = () => {
    recordsOf(idsIn(id) ?? { spanId: id }).then(
      ([record]) => (record ? go(record.link, { replace: true }) : setState({ isDone: true, error: null })),
      (error) => setState({ isDone: true, error }),
    );
  };
  useEffect(find, [id]);
  if (state.error) return html`<${Failure} error=${state.error} retry=${find} />`;
  if (!state.isDone) return html`<${Waiting} rows=${4} label="Looking for the span…" />`;
  return html`<${Empty} title="There is no such span"><p><a href="#/spans">See all spans</a>.</p><//>`;
}
