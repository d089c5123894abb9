// What some spans or traces have in common that the others do not.
import { html, useMemo, useState } from "../html.js";
import { FilterBar } from "../filter/filter-bar.js";
import { Icon } from "../parts/icons.js";
import { Failure, Outdated, Waiting } from "../parts/notices.js";
import { QueryButton } from "../query/query-button.js";
import { go, linkTo } from "../state/address.js";
import { compareLink } from "../state/compare-link.js";
import { boundedFilter, carried, questionParams, readQuestion } from "../state/question.js";
import { AGAINST, baselineFilter, choicesOf, isSelective } from "./baseline.js";
import { Differences, Sides } from "./differences.js";
import { Start } from "./start.js";
import { SubjectSwitch } from "./subject-switch.js";
import { useDifferences } from "./use-differences.js";

export function Selection({ params }) {
  const text = params.toString();
  const [now, setNow] = useState(() => Date.now());
  const question = useMemo(() => readQuestion(params), [text]);
  const subject = params.get("of") === "traces" ? "traces" : "spans";
  const filter = useMemo(() => boundedFilter(question, subject, now), [text, now]);
  const link = (part, as = subject) => compareLink({ ...carried(question, as), ...part }, as);
  return html`<h1 class="unseen">Compare</h1>
    <${FilterBar} subject=${subject} question=${question} filter=${filter} change=${(part) => go(link(part))} />
    ${
      isSelective(question)
        ? html`<${Compared} key=${subject} params=${params} question=${question} subject=${subject} now=${now}
            link=${link} refresh=${() => setNow(Date.now())} />`
        : html`<${Start} key=${subject} question=${question} subject=${subject} now=${now} link=${link} />`
    }`;
}

function Compared({ params, question, subject, now, link, refresh }) {
  const choices = choicesOf(question);
  const against = choices.find((name) => name === params.get("against")) ?? choices[0];
  const filters = useMemo(
    () => ({
      selection: boundedFilter(question, subject, now),
      baseline: baselineFilter(question, subject, against, now),
    }),
    [question, subject, against, now],
  );
  const answer = useDifferences(subject, question, filters);
  const { sides, error, reload } = answer;
  return html`<div class="list-head compare-head">
      <${SubjectSwitch} subject=${subject} link=${link} />
      <${AgainstChoice} choices=${choices} against=${against}
        choose=${(name) => go(compareLink(question, subject, name === choices[0] ? "" : name))} />
      <div class="list-tools">
        <a class="button" href=${linkTo([subject], questionParams(question))}>Show the selected</a>
        ${answer.query && html`<${QueryButton} query=${answer.query} variables=${answer.variables} />`}
        <button type="button" class="button" aria-label="Refresh" onClick=${refresh}><${Icon} name="refresh" /></button>
      </div>
    </div>
    <${Outdated} error=${sides && error} />
    ${
      !sides
        ? error
          ? html`<${Failure} error=${error} retry=${reload} />`
          : html`<${Waiting} label="Comparing…" />`
        : html`<div class=${answer.loading ? "stale" : ""}><${Sides} sides=${sides} against=${against} />
            <${Differences} sides=${sides} list=${answer.list} question=${question} subject=${subject} /></div>`
    }`;
}

function AgainstChoice({ choices, against, choose }) {
  return html`<label class="select against"><span>against</span>
    <select value=${against} onChange=${(event) => choose(event.currentTarget.value)}>
      ${choices.map((name) => html`<option key=${name} value=${name}>${AGAINST[name]}</option>`)}
    </select>
  </label>`;
}
