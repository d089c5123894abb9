// GraphQL answers as state of a component. They are asked for in layout effects: before the browser paints, not after.
import { useCallback, useLayoutEffect, useRef, useState } from "../html.js";
import { request } from "../api/request.js";

/**
 * The answer to one query. The last answer stays while the next one is on its way, so that nothing jumps.
 * @param {string | null} query nothing is asked while it is null
 * @param {object} variables
 * @param {{exact?: boolean, fresh?: boolean}} [how] fresh: an answer to other variables is dropped at once
 */
export function useQuery(query, variables, { exact, fresh } = {}) {
  const [answer, setAnswer] = useState({ data: null, error: null, asked: null });
  const [turn, setTurn] = useState(0);
  const asked = query && JSON.stringify([query, variables]);
  useLayoutEffect(() => {
    if (!asked) return undefined;
    const aborter = new AbortController();
    request(query, variables, { signal: aborter.signal, exact }).then(
      (data) => setAnswer({ data, error: null, asked }),
      (error) => aborter.signal.aborted || setAnswer((last) => ({ data: fresh ? null : last.data, error, asked })),
    );
    return () => aborter.abort();
  }, [asked, turn]);
  const isOld = answer.asked !== asked;
  return {
    data: fresh && isOld ? null : answer.data,
    error: isOld ? null : answer.error,
    loading: Boolean(asked) && isOld,
    reload: useCallback(() => setTurn((last) => last + 1), []),
  };
}

/**
 * A list that grows page by page. `read` picks the connection from an answer's data.
 * @param {string} query @param {object} variables @param {(data: any) => any} read
 */
export function usePages(query, variables, read) {
  const [pages, setPages] = useState({ nodes: [], info: null, error: null, asked: null });
  const [turn, setTurn] = useState(0);
  const busy = useRef(null);
  const asked = JSON.stringify([query, variables]);

  const load = (after) => {
    const aborter = new AbortController();
    busy.current = aborter;
    request(query, { ...variables, first: 50, after }, { signal: aborter.signal })
      .then(
        (data) => {
          const { nodes, pageInfo } = read(data);
          setPages((last) => ({ nodes: after ? [...last.nodes, ...nodes] : nodes, info: pageInfo, error: null, asked }));
        },
        (error) => aborter.signal.aborted || setPages((last) => ({ ...last, error, asked })),
      )
      .finally(() => busy.current === aborter && (busy.current = null));
    return aborter;
  };

  useLayoutEffect(() => {
    const aborter = load(null);
    return () => {
      aborter.abort();
      busy.current?.abort();
    };
  }, [asked, turn]);

  const isOld = pages.asked !== asked;
  return {
    nodes: pages.nodes,
    setNodes: (change) => setPages((last) => ({ ...last, nodes: change(last.nodes) })),
    error: isOld ? null : pages.error,
    loading: isOld,
    isAnswered: pages.asked !== null,
    hasMore: Boolean(pages.info?.hasNextPage) && !isOld,
    loadMore: () => busy.current || isOld || !pages.info?.hasNextPage || load(pages.info.endCursor),
    reload: useCallback(() => setTurn((last) => last + 1), []),
  };
}
