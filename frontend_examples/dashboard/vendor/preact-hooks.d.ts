// Types of what is used here; the libraries are minified.
type Effect = () => unknown;
export function useCallback<T>(callback: T, inputs: any[]): T;
export function useEffect(effect: Effect, inputs?: any[]): void;
export function useId(): string;
export function useLayoutEffect(effect: Effect, inputs?: any[]): void;
export function useMemo<T>(make: () => T, inputs: any[]): T;
export function useRef(initial: any): { current: any };
export function useState(initial?: any): [any, (next: any) => void];
