// Types of what is used here; the libraries are minified.
export function h(...args: any[]): any;
export function render(element: any, parent: Element): void;
export const Fragment: any;
