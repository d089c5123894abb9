// Figures of any part of the store: grouped by any field, through time, beside the time before.
import { html, useEffect, useMemo, useState } from "../html.js";
import { groupsQuery, seriesQuery } from "../api/statistics-documents.js";
import { FilterBar } from "../filter/filter-bar.js";
import { CopyButton } from "../parts/copy-button.js";
import { Icon } from "../parts/icons.js";
import { Empty, Failure, Outdated, Waiting } from "../parts/notices.js";
import { QueryButton } from "../query/query-button.js";
import { go, linkTo } from "../state/address.js";
import { boundedFilter, carried, readQuestion } from "../state/question.js";
import { sharedLink } from "../state/shared-link.js";
import { loadFields } from "../filter/suggestions.js";
import { useQuery } from "../state/use-query.js";
import { GroupTable } from "./group-table.js";
import { GroupChart } from "./group-chart.js";
import { measureNamed } from "./measures.js";
import { Presets } from "./presets.js";
import { ViewTools } from "./view-tools.js";
import { groupKey, readView, viewParams } from "./view.js";

const ROWS = 50;
const LINES = 8;
const BUCKETS = 60;

export function StatisticsPage({ params }) {
  const text = params.toString();
  const [now, setNow] = useState(() => Date.now());
  const question = useMemo(() => readQuestion(params), [text]);
  const view = useMemo(() => readView(params), [text]);
  const { subject, groups } = view;
  const filter = useMemo(() => boundedFilter(question, subject, now), [text, now]);
  const show = (part, questionPart = {}) => {
    const next = { ...view, ...part };
    go(linkTo(["statistics"], viewParams(carried({ ...question, ...questionPart }, next.subject), next)));
  };
  const fields = useFields();
  const measure = measureNamed(view.measure);
  const canCompare = Boolean(question.period.range || question.period.from);
  const shared = {
    filter,
    groupBy: groups.length ? groups.map(groupKey) : null,
    orderBy: [{ measure: measure.name }],
  };
  const variables = { ...shared, first: ROWS, compareTo: view.isCompared && canCompare ? "PREVIOUS_PERIOD" : null };
  const table = useQuery(groupsQuery(subject), variables);
  const series = useQuery(seriesQuery(subject), { ...shared, first: LINES, buckets: BUCKETS });
  return html`<h1 class="unseen">Statistics</h1>
    <${FilterBar} subject=${subject} question=${question} filter=${filter} change=${(part) => show({}, part)} />
    <${Presets} show=${show} view=${view} />
    <div class="list-head view-head">
      <${ViewTools} view=${view} show=${show} fields=${fields} canCompare=${canCompare} />
      <div class="list-tools">
        <${QueryButton} query=${groupsQuery(subject)} variables=${variables} />
        <${CopyButton} text=${() => sharedLink(question)} label="Copy link" icon="link" />
        <button type="button" class="button" aria-label="Refresh" onClick=${() => setNow(Date.now())}><${Icon}
          name="refresh" /></button>
      </div>
    </div>
    <${Outdated} error=${table.data && table.error} />
    ${
      !table.data
        ? table.error
          ? html`<${Failure} error=${table.error} retry=${table.reload} />`
          : html`<${Waiting} label="Working it out…" />`
        : !table.data.whole[0].count
          ? html`<${Empty} title="Nothing to count"><p>No ${subject.slice(0, -1)} meets this filter in this time.</p>
            <//>`
          : html`<div class=${table.loading ? "stale" : ""}>
            <${GroupChart} rows=${series.data?.rows ?? []} measure=${measure}
              choose=${(period) => show({}, { period })} />
            <${GroupTable} rows=${table.data.rows} whole=${table.data.whole[0]} view=${view} question=${question}
              show=${show} />
          </div>`
    }`;
}

function useFields() {
  const [fields, setFields] = useState([]);
  useEffect(() => {
    loadFields({}).then(setFields, () => {});
  }, []);
  return fields;
}
