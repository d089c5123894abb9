// GraphQL answers as state of a component. They are asked for in layout effects: before the browser paints, not after.
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "../html.js";
import { request, takeAnswered } from "../api/request.js";

const RETRY_AFTER = 4000;
const PAGE = 50;
const MOST = 1000;

/** Ask again until the server is there again. */
function useRetry(error, reload) {
  useEffect(() => {
    if (error?.code !== "UNREACHABLE") return undefined;
    const wait = setTimeout(reload, RETRY_AFTER);
    return () => clearTimeout(wait);
  }, [error]);
}

/**
 * The answer to one query. The last answer stays while the next one is on its way, so that nothing jumps.
 * @param {string | null} query nothing is asked while it is null
 * @param {object} variables
 * @param {{exact?: boolean, fresh?: boolean}} [how] fresh: an answer to other variables is dropped at once
 */
export function useQuery(query, variables, { exact, fresh } = {}) {
  const [answer, setAnswer] = useState({ data: null, error: null, key: null });
  const [turn, setTurn] = useState(0);
  const key = query && JSON.stringify([query, variables]);
  useLayoutEffect(() => {
    if (!key) return undefined;
    const aborter = new AbortController();
    request(query, variables, { signal: aborter.signal, exact }).then(
      (data) => setAnswer({ data, error: null, key }),
      (error) => aborter.signal.aborted || setAnswer((last) => ({ data: fresh ? null : last.data, error, key })),
    );
    return () => aborter.abort();
  }, [key, turn]);
  const isOld = answer.key !== key;
  const reload = useCallback(() => setTurn((last) => last + 1), []);
  const error = isOld ? null : answer.error;
  useRetry(error, reload);
  return { data: fresh && isOld ? null : answer.data, error, loading: Boolean(key) && isOld, reload };
}

const answered = ({ nodes, pageInfo }, key, before = []) => ({
  nodes: [...before, ...nodes],
  info: pageInfo,
  error: null,
  key,
});

/**
 * A list that grows page by page. `read` picks the connection from an answer's data.
 * @param {string} query @param {object} variables @param {(data: any) => any} read
 * @param {{nodes: any[], info: any, key: string} | null} [kept] the list as it was when it was left
 */
export function usePages(query, variables, read, kept = null) {
  const key = JSON.stringify([query, variables]);
  const [pages, setPages] = useState(() => {
    if (kept?.key === key) return { ...kept, error: null };
    const data = takeAnswered(query, { ...variables, first: PAGE, after: null });
    return data ? answered(read(data), key) : { nodes: [], info: null, error: null, key: null };
  });
  const [turn, setTurn] = useState(0);
  const busy = useRef(null);
  const isThere = useRef(pages.key === key);

  const load = (after, first = PAGE) => {
    const aborter = new AbortController();
    busy.current = aborter;
    request(query, { ...variables, first, after }, { signal: aborter.signal })
      .then(
        (data) => setPages((last) => answered(read(data), key, after ? last.nodes : [])),
        (error) => aborter.signal.aborted || setPages((last) => ({ ...last, error, key })),
      )
      .finally(() => busy.current === aborter && (busy.current = null));
    return aborter;
  };

  useLayoutEffect(() => {
    if (isThere.current) {
      isThere.current = false;
      return undefined;
    }
    // Asked anew, a list is as long as it was.
    const length = pages.key === key ? Math.min(MOST, Math.max(PAGE, pages.nodes.length)) : PAGE;
    const aborter = load(null, length);
    return () => {
      aborter.abort();
      busy.current?.abort();
    };
  }, [key, turn]);

  const isOld = pages.key !== key;
  const reload = useCallback(() => setTurn((last) => last + 1), []);
  const error = isOld ? null : pages.error;
  useRetry(error, reload);
  return {
    nodes: pages.nodes,
    info: pages.info,
    key: pages.key,
    setNodes: (change) => setPages((last) => ({ ...last, nodes: change(last.nodes) })),
    error,
    loading: isOld,
    isAnswered: pages.key !== null,
    hasMore: Boolean(pages.info?.hasNextPage) && !isOld,
    loadMore: () => busy.current || isOld || !pages.info?.hasNextPage || load(pages.info.endCursor),
    reload,
  };
}
