// The scores and the feedback of a span, or of a trace and its spans; and what is added or deleted.
import { useState } from "../html.js";
import {
  ADD_FEEDBACK,
  ADD_SCORE,
  DELETE_FEEDBACK,
  DELETE_SCORE,
  SPAN_ASSESSMENTS,
  TRACE_ASSESSMENTS,
} from "../api/assessment-documents.js";
import { request } from "../api/request.js";
import { useQuery } from "../state/use-query.js";

/**
 * @typedef {{id: string, kind: "score" | "feedback", spanId: string | null, name: string, value: number | null,
 *   textValue: string | null, booleanValue: boolean | null, comment: string | null, source: string | null,
 *   timestamp: string, scorer?: string | null, userId: string | null}} Assessment
 * @param {string | null} spanId null for the trace and all its spans
 */
export function useAssessments(traceId, spanId) {
  const query = spanId === null ? TRACE_ASSESSMENTS : SPAN_ASSESSMENTS;
  const { data, error, reload } = useQuery(query, { traceId, ...(spanId !== null && { spanId }) }, { fresh: true });
  const [failure, setFailure] = useState(null);
  const send = (document, variables) =>
    request(document, variables).then(() => {
      setFailure(null);
      reload();
    }, setFailure);
  const about = { traceId, ...(spanId !== null && { spanId }), source: "user" };
  return {
    list: listOf(data?.subject),
    error: failure ?? error,
    addScore: (score) => send(ADD_SCORE, { score: { ...about, ...score } }),
    addFeedback: (feedback) => send(ADD_FEEDBACK, { feedback: { ...about, ...feedback } }),
    remove: ({ id, kind }) => send(kind === "score" ? DELETE_SCORE : DELETE_FEEDBACK, { id }),
  };
}

/** @returns {Assessment[]} the newest first */
function listOf(subject) {
  if (!subject) return [];
  const of = (kind, { nodes }) => nodes.map((node) => ({ ...node, kind }));
  return [...of("score", subject.scores), ...of("feedback", subject.feedback)].sort((a, b) =>
    b.timestamp.localeCompare(a.timestamp),
  );
}
