// One error: what its messages have in common, where it happens, its trend, and the newest of it.
import { html } from "../html.js";
import { hueOf } from "../format/hues.js";
import { count, plural } from "../format/numbers.js";
import { ago, momentWords } from "../format/times.js";
import { linkTo } from "../state/address.js";
import { questionParams } from "../state/question.js";
import { errorLine, errorOf } from "../span/errors.js";

export function ErrorGroup({ group, question }) {
  const { message, services, sample, firstSeenAt } = group;
  const error = errorOf({ ...sample, status: "ERROR" });
  const title = message || errorLine(sample) || "(no message)";
  const link = linkTo(["trace", sample.traceId], { span: sample.spanId });
  return html`<li class="error-group">
    <div class="error-words">
      <a class="error-message" href=${link} title="The newest of them"
        >${title}</a>
      <p class="services">
        ${error.name && error.name !== title && html`<span class="tag">${error.name}</span>`}
        ${services.map((name) => html`<span key=${name} class=${`service ${hueOf(name)}`}><i />${name}</span>`)}
        <span>${sample.name}</span>
      </p>
    </div>
    <${Trend} counts=${group.trend.map((bucket) => bucket.count)} />
    <p class="error-count">
      <a href=${spansLink(error, services, question)}><strong>${count(group.count)}</strong>
        ${" "}${group.count === 1 ? "span" : "spans"}</a>
      <small>${plural(group.traceCount, "trace")}</small>
    </p>
    <p class="error-when">
      <time dateTime=${sample.startedAt} title=${momentWords(sample.startedAt)}>${ago(sample.startedAt)}</time>
      <small title=${momentWords(firstSeenAt)}>since ${ago(firstSeenAt)}</small>
    </p>
  </li>`;
}

function Trend({ counts }) {
  const most = Math.max(1, ...counts);
  const bar = (value, index) => (value ? `M${index + 0.1} 10h0.8V${(10 - (10 * value) / most).toFixed(2)}h-0.8Z` : "");
  const label = `most in one stretch: ${most}`;
  return html`<svg class="trend" viewBox=${`0 0 ${counts.length} 10`} preserveAspectRatio="none" role="img"
    aria-label=${label}>
    <path d=${counts.map(bar).join("")} />
  </svg>`;
}

/** The failed spans of the same services, with the first words that their messages share. */
function spansLink({ message }, services, question) {
  const [search] = /^[^\d\n"'<]{0,80}/.exec(message ?? "") ?? [""];
  const chips = [
    ...question.chips,
    { field: "status", operator: "eq", value: "ERROR" },
    ...(services.length ? [{ field: "serviceName", operator: "in", value: services.join(",") }] : []),
  ];
  return linkTo(
    ["spans"],
    questionParams({ ...question, chips, live: false, search: search.trim() || question.search }),
  );
}
