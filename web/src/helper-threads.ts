/**
 * Starts `threads` − 1 helpers for `createRun({ helpers })`. Call it in the worker that steps the world: a page's own thread may not
 * sleep. None where the page is not cross-origin isolated (the headers `Cross-Origin-Opener-Policy: same-origin` and
 * `Cross-Origin-Embedder-Policy: require-corp`), because browsers share no memory there. End them with `terminate()`.
 * They start while the run is under way: let the event loop turn between slices of `advance`.
 */
export function startHelperThreads(threads: number): Worker[] {
  if (!crossOriginIsolated) return [];
  return Array.from({ length: threads - 1 }, () => {
    return new Worker(new URL('./helper-thread.ts', import.meta.url), { type: 'module' });
  });
}
