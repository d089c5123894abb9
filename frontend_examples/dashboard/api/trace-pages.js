// The pages in which the spans of a trace are asked: a first one that comes soon, then as many as the server gives.
export const firstPage = (traceId) => ({ traceId, first: 1000, after: null });

export const nextPage = (traceId, after) => ({ traceId, first: 10_000, after });
