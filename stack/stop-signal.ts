/** Aborts when this process is asked to stop (Ctrl-C, SIGTERM, a closed terminal). A second Ctrl-C ends it at once. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted && name === 'SIGINT') {
        process.exit(130);
      }
      controller.abort(new Error(`stopped by ${name}`));
    });
  }
  return controller.signal;
}
